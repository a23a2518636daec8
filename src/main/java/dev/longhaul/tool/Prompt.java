package dev.longhaul.tool;

import java.util.List;

/// A text that a person gives to a model.
///
/// @param <A> the arguments: a record of texts
public interface Prompt<A> {

    Said get(A arguments, ToolCall call) throws Exception;

    /// The result of a prompt.
    sealed interface Said permits Messages, Asks {}

    /// The text as messages.
    record Messages(List<Message> messages) implements Said {

        /// One message of the user.
        public static Messages user(String text) {
            return new Messages(List.of(new Message("user", new Content.Text(text))));
        }
    }

    /// @param role `user` or `assistant`
    record Message(String role, Content content) {}

    /// The prompt needs input first.
    record Asks(InputRequired needs) implements Said {}
}
