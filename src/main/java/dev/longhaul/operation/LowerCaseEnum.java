package dev.longhaul.operation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// An enum whose constants are spelled in lower case in the database and in every interface, e.g. `running`.
public interface LowerCaseEnum {

    String name();

    default String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param what name of the field for the error message, e.g. `status`
    /// @throws IllegalArgumentException if no constant is spelled so
    static <E extends Enum<E> & LowerCaseEnum> E parse(String what, String word, Class<E> type) {
        var constants = Arrays.asList(type.getEnumConstants());
        return constants.stream().filter(constant -> constant.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(what + " must be one of " + constants.stream()
                                .map(E::word).collect(Collectors.joining(", ")) + ", not " + Text.quoted(word)));
    }
}
