package dev.synod.operator.model;

import java.util.Map;

/**
 * What the operator knows of itself.
 *
 * @param sidecarImage that clusters are pinned to when they name none
 * @param namespace that the operator runs in
 * @param podLabels by which its own pods are found there
 */
public record OperatorSettings(String sidecarImage, String namespace, Map<String, String> podLabels) {
    /** With a copy of the labels. */
    public OperatorSettings {
        podLabels = Map.copyOf(podLabels);
    }
}
