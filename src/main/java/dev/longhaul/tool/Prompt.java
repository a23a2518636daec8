package dev.longhaul.tool;

import java.util.List;

/// A text that a person has a model begin with.
///
/// @param <A> the arguments: a record of texts
public interface Prompt<A> {

    Said get(A arguments, ToolCall call) throws Exception;

    /// What a prompt says.
    sealed interface Said permits Messages, Asks {}

    /// The text, message by message.
    record Messages(List<Message> messages) implements Said {

        /// What the user says.
        public static Messages user(String text) {
            return new Messages(List.of(new Message("user", new Content.Text(text))));
        }
    }

    /// @param role `user` or `assistant`
    record Message(String role, Content content) {}

    /// It cannot be written without an answer.
    record Asks(InputRequired needs) implements Said {}
}
