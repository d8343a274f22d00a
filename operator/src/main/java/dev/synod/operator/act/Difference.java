package dev.synod.operator.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Set;

/**
 * Whether an object has all that it is to have. What the API server filled in besides is no difference, nor
 * is the form in which it writes quantities, nor what is empty.
 */
final class Difference {
    /** Fields whose values are quantities, by resource. */
    private static final Set<String> QUANTITIES = Set.of("requests", "limits", "sizeLimit", "divisor");

    /**
     * Fields that mean something else when they are missing than when they are false or 0: the API server
     * keeps them as they are written. Of all others it drops what is false, 0 or empty.
     */
    private static final Set<String> KEPT = Set.of("automountServiceAccountToken", "enableServiceLinks",
            "allowPrivilegeEscalation", "hostUsers", "controller", "blockOwnerDeletion", "replicas",
            "runAsUser",
            "runAsGroup", "fsGroup", "tolerationSeconds", "terminationGracePeriodSeconds", "maxUnavailable",
            "defaultMode", "mode", "priority", "setHostnameAsFQDN", "runAsNonRoot", "privileged",
            "readOnlyRootFilesystem", "storageClassName");

    private Difference() {}

    /** Path of the first field that is not as wanted; empty when all are. */
    static String first(JsonNode wanted, JsonNode live) {
        return first("", wanted, live, false);
    }

    private static String first(String path, JsonNode wanted, JsonNode live, boolean quantity) {
        if (isNothing(wanted) || live.isMissingNode() && isDropped(path, wanted)) {
            return "";
        }
        if (wanted.isObject()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                String found = first(path + "." + field.getKey(), field.getValue(),
                        live.path(field.getKey()), quantity || QUANTITIES.contains(field.getKey()));
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return "";
        }
        if (wanted.isArray()) {
            if (wanted.size() != live.size()) {
                return path;
            }
            for (int i = 0; i < wanted.size(); i++) {
                String found = first(path + "[" + i + "]", wanted.get(i), live.path(i), quantity);
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return "";
        }
        boolean same = wanted.asText().equals(live.asText())
                || quantity && sameAmount(wanted.asText(), live.asText());
        return same ? "" : path;
    }

    private static boolean isNothing(JsonNode wanted) {
        return wanted.isNull() || wanted.isMissingNode() || wanted.isContainerNode() && wanted.isEmpty();
    }

    private static boolean isDropped(String path, JsonNode wanted) {
        boolean zero = wanted.isBoolean() && !wanted.booleanValue()
                || wanted.isNumber() && wanted.asDouble() == 0
                || wanted.isTextual() && wanted.textValue().isEmpty();
        return zero && !KEPT.contains(path.substring(path.lastIndexOf('.') + 1));
    }

    private static boolean sameAmount(String wanted, String live) {
        try {
            return Quantity.getAmountInBytes(Quantity.parse(wanted))
                    .compareTo(Quantity.getAmountInBytes(Quantity.parse(live))) == 0;
        } catch (IllegalArgumentException e) {
            return false; // whoever wrote it is told by the API server
        }
    }
}
