package dev.synod.cli.inject;

import java.util.ArrayList;
import java.util.List;

/**
 * The agent as a container of a pod.
 *
 * @param cluster it forwards to
 * @param voters of that cluster
 * @param peersPort of its members
 * @param image of the sidecar
 * @param secret with the client's certificate
 */
record Agent(String cluster, int voters, int peersPort, String image, String secret) {
    static final String NAME = "synod";

    /** For each container of the application. */
    static final String ENDPOINT = """
            name: SYNOD_ENDPOINT
            value: 127.0.0.1:7400
            """;

    String container() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < voters; i++) {
            members.add(cluster + "-" + i + "." + cluster + "-peers:" + peersPort);
        }
        return """
                name: synod
                image: "%s"
                restartPolicy: Always
                args:
                - --form=agent
                - "--cluster-name=%s"
                - "--members=%s"
                - --tls-cert=/etc/synod/tls/tls.crt
                - --tls-key=/etc/synod/tls/tls.key
                - --tls-ca=/etc/synod/tls/ca.crt
                env:
                - name: SYNOD_MEMBER_NAME
                  valueFrom:
                    fieldRef:
                      fieldPath: metadata.name
                ports:
                - name: synod-probes
                  containerPort: 7403
                startupProbe:
                  httpGet:
                    path: /healthz/started
                    port: 7403
                  periodSeconds: 1
                  failureThreshold: 60
                livenessProbe:
                  httpGet:
                    path: /healthz/live
                    port: 7403
                resources:
                  requests:
                    cpu: 100m
                    memory: 128Mi
                  limits:
                    memory: 256Mi
                securityContext:
                  runAsNonRoot: true
                  allowPrivilegeEscalation: false
                  readOnlyRootFilesystem: true
                  capabilities:
                    drop:
                    - ALL
                  seccompProfile:
                    type: RuntimeDefault
                volumeMounts:
                - name: synod-tls
                  mountPath: /etc/synod/tls
                  readOnly: true
                """.formatted(image, cluster, String.join(",", members));
    }

    String volume() {
        return """
                name: synod-tls
                secret:
                  secretName: "%s"
                """.formatted(secret);
    }
}
