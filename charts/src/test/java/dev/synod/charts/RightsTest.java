package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operator may do what it has to, where it has to, and nothing else. */
@WithHelm
final class RightsTest {
    private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-view";

    private static Rendered listed() {
        return Chart.rendered("--set", "watch.namespaces={shop,stock}");
    }

    private static List<PolicyRule> rules(Rendered rendered) {
        return Stream.concat(rendered.all(ClusterRole.class).stream().map(ClusterRole::getRules),
                rendered.all(Role.class).stream().map(Role::getRules)).flatMap(List::stream).toList();
    }

    private static List<ClusterRole> ofTheOperator(Rendered rendered) {
        return rendered.all(ClusterRole.class).stream()
                .filter(role -> !role.getMetadata().getName().contains("coordinationclusters")).toList();
    }

    private static String namespace(HasMetadata object) {
        return object.getMetadata().getNamespace();
    }

    @Test
    void aListOfNamespacesGetsARoleInEachAndNothingClusterWide() {
        Rendered rendered = listed();
        assertThat(rendered.all(ClusterRoleBinding.class)).isEmpty();
        assertThat(ofTheOperator(rendered)).isEmpty();
        assertThat(rendered.all(Role.class)).extracting(RightsTest::namespace)
                .containsExactlyInAnyOrder("shop", "stock", "synod-system");
        assertThat(rendered.all(RoleBinding.class)).extracting(RightsTest::namespace)
                .containsExactlyInAnyOrder("shop", "stock", "synod-system");
    }

    @Test
    void aListOfNamespacesGivesNothingButTheLeaseInTheOperatorsOwn() {
        List<Role> here = listed().all(Role.class).stream()
                .filter(role -> namespace(role).equals("synod-system")).toList();
        assertThat(here).singleElement().satisfies(role -> assertThat(role.getRules())
                .allSatisfy(rule -> assertThat(rule.getResources()).containsExactly("leases")));
    }

    @Test
    void allNamespacesGetTheSameRightsByOneClusterRole() {
        Rendered everywhere = Chart.rendered();
        assertThat(ofTheOperator(everywhere)).singleElement().satisfies(role -> assertThat(role.getRules())
                .isEqualTo(listed().all(Role.class).stream().filter(each -> namespace(each).equals("shop"))
                        .findFirst().orElseThrow().getRules()));
        assertThat(everywhere.all(Role.class)).extracting(RightsTest::namespace)
                .containsExactly("synod-system");
    }

    @Test
    void everyBindingIsOfTheOperatorsAccountAlone() {
        for (Rendered rendered : List.of(Chart.rendered(), listed())) {
            var subjects = Stream.concat(
                    rendered.all(RoleBinding.class).stream().map(RoleBinding::getSubjects),
                    rendered.all(ClusterRoleBinding.class).stream().map(ClusterRoleBinding::getSubjects));
            assertThat(subjects.flatMap(List::stream)).isNotEmpty().allSatisfy(subject -> {
                assertThat(subject.getKind()).isEqualTo("ServiceAccount");
                assertThat(subject.getName()).isEqualTo(rendered.pod().getServiceAccountName());
                assertThat(subject.getNamespace()).isEqualTo("synod-system");
            });
        }
    }

    @Test
    void noRuleHasAWildcardOrARightToGiveRights() {
        for (Rendered rendered : List.of(Chart.rendered(), listed())) {
            assertThat(rules(rendered)).isNotEmpty().allSatisfy(rule -> {
                assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
                assertThat(rule.getResources()).doesNotContain("*", "roles", "rolebindings", "clusterroles",
                        "clusterrolebindings", "serviceaccounts/token", "pods/exec", "nodes");
                assertThat(rule.getApiGroups()).doesNotContain("*");
            });
        }
    }

    /** The cluster's own object is the user's: the operator neither makes, changes nor deletes it. */
    @Test
    void theOperatorNeitherMakesNorChangesNorDeletesClusters() {
        assertThat(ofTheOperator(Chart.rendered()).getFirst().getRules())
                .filteredOn(rule -> rule.getResources().contains("coordinationclusters"))
                .singleElement().satisfies(rule -> assertThat(rule.getVerbs())
                        .doesNotContain("create", "update", "patch", "delete", "deletecollection"));
    }

    @Test
    void theLeaseIsTheOneThatTheOperatorIsToldOf() {
        Rendered rendered = Chart.rendered();
        List<String> names = rendered.all(Role.class).getFirst().getRules().stream()
                .flatMap(rule -> rule.getResourceNames().stream()).distinct().toList();
        assertThat(names).containsExactly(rendered.setting("SYNOD_OPERATOR_LEASE"));
    }

    @Test
    void peoplesRolesAreOfTheseClustersAlone() {
        List<ClusterRole> people = Chart.rendered().all(ClusterRole.class).stream()
                .filter(role -> role.getMetadata().getName().contains("coordinationclusters")).toList();
        assertThat(people).hasSize(2).allSatisfy(role -> assertThat(role.getRules()).allSatisfy(
                rule -> assertThat(rule.getApiGroups()).containsExactly("synod.dev")));
        assertThat(people).filteredOn(role -> role.getMetadata().getLabels().containsKey(AGGREGATE))
                .flatExtracting(ClusterRole::getRules).flatExtracting(PolicyRule::getVerbs)
                .isSubsetOf("get", "list", "watch");
    }

    @Test
    void whoeverKeepsTheRolesGetsNone() {
        Rendered rendered = Chart.rendered("--set", "rbac.create=false,rbac.aggregate=false");
        assertThat(rendered.objects()).extracting(HasMetadata::getKind)
                .doesNotContain("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding");
    }

    /** What the code needs is written down where the code is explained. */
    @Test
    void theRightsAreThoseThatTheOperatorsPageAsksFor() {
        String page = Chart.text("docs/operator.md");
        Map<String, Set<String>> asked = new TreeMap<>();
        Pattern row = Pattern.compile("(?m)^\\| [^|]+ \\| `([a-z/]+)` \\| ([a-z, ]+) \\| .*$");
        Matcher rows = row.matcher(page.substring(page.indexOf("## What it may do")));
        while (rows.find()) {
            asked.put(rows.group(1), new TreeSet<>(List.of(rows.group(2).split(", ", -1))));
        }
        Map<String, Set<String>> given = new TreeMap<>();
        for (PolicyRule rule : ofTheOperator(Chart.rendered()).getFirst().getRules()) {
            for (String resource : rule.getResources()) {
                given.computeIfAbsent(resource, it -> new TreeSet<>()).addAll(rule.getVerbs());
            }
        }
        assertThat(given).isEqualTo(asked);
    }

    @Test
    void thePageOnRightsHasEachRule() {
        Rendered rendered = listed();
        Stream<String> rows = rendered.all(Role.class).stream()
                .filter(role -> Set.of("shop", "synod-system").contains(namespace(role)))
                .flatMap(role -> role.getRules().stream())
                .map(rule -> "| `" + String.join("`, `", rule.getResources()) + "` | "
                        + String.join(", ", rule.getVerbs()) + " |");
        String page = Chart.text("docs/rbac.md");
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(page).contains("\n" + row));
        assertThat(page.lines().filter(line -> line.startsWith("| `")).count())
                .as("rows of rights in docs/rbac.md that the chart does not grant")
                .isEqualTo(
                        rendered.all(Role.class).stream().flatMap(role -> role.getRules().stream()).distinct()
                                .count());
    }
}
