package dev.longhaul.operation;


/// What a waiting operation waits for. It holds no thread.
public enum WaitReason implements LowerCaseEnum {

    TIME,
    /// The answer to its input request.
    ANSWER,
    /// Its children.
    OPERATIONS;

    public static WaitReason parse(String word) {
        return LowerCaseEnum.parse("waits_for", word, WaitReason.class);
    }
}
