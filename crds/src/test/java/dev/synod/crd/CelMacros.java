package dev.synod.crd;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the rules say in one word and CEL has no function for. The API server estimates what an expression may
 * cost before it takes a definition, and counts {@code string(number)} as text without an end; so numbers are
 * written digit by digit, and amounts that may be text or number are taken as what they are.
 */
final class CelMacros {
    private static final String SIZE = "(%1$s < 0 ? -%1$s : %1$s)";

    /** Of a number between -1000 and 1000. */
    private static final String COUNT = "(%1$s < -999 ? 'less than -999' : %1$s > 999 ? 'more than 999' : "
            + "(%1$s < 0 ? '-' : '') + (" + SIZE + " < 100 ? '' : " + digit(SIZE + " / 100") + ") + (" + SIZE
            + " < 10 ? '' : " + digit(SIZE + " / 10 %% 10") + ") + " + digit(SIZE + " %% 10") + ")";

    /** Of a number between 1000 and 65535; of another it cannot be made. */
    private static final String PORT = "(%1$s < 10000 ? '' : " + digit("%1$s / 10000") + ") + "
            + digit("%1$s / 1000 %% 10") + " + " + digit("%1$s / 100 %% 10") + " + "
            + digit("%1$s / 10 %% 10") + " + " + digit("%1$s %% 10");

    private static final Map<String, String> MACROS = Map.of("count", COUNT, "port", PORT, "isAmount",
            "(type(%1$s) != string || isQuantity(%1$s))", "amount",
            "(type(%1$s) == string ? quantity(%1$s) : quantity('0').add(%1$s))", "shown",
            "(type(%1$s) == string ? %1$s : " + COUNT + ")");

    private static final Pattern CALL =
            Pattern.compile("\\b(count|port|isAmount|amount|shown)\\(([^()]+)\\)");

    private CelMacros() {}

    private static String digit(String number) {
        return "'0123456789'.substring(" + number + ", " + number + " + 1)";
    }

    static String expand(String expression) {
        return CALL.matcher(expression).replaceAll(call -> Matcher
                .quoteReplacement(
                        Objects.requireNonNull(MACROS.get(call.group(1))).formatted(call.group(2))));
    }
}
