package dev.synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a user gets to read who made a mistake, and what a script: one line on standard error, and the
 * status. Against a whole member that serves, one whose quorum is gone, and ports where nobody is.
 *
 * <p>In a command line, quotes hold words together and braces stand for what is only known here; of what is
 * said, the parts between bars are looked for.
 */
@Tag("whole")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UserErrorsTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir static Path folder;

    private final List<TestMember> members = new ArrayList<>();
    private Map<String, String> known = Map.of();

    @BeforeAll
    void start() throws Exception {
        TestMember whole = TestMember.serving(folder.resolve("whole"));
        members.add(whole);
        TestMember alone = TestMember.of(folder.resolve("alone"), 3);
        members.add(alone);
        String here = whole.endpoint();
        Path token = folder.resolve("token");
        for (int i = 0; i < 2; i++) {
            Run.of("lock", "fenced", "--endpoint", here, "--timeout", "30s", "--", "sh", "-c",
                    "[ -e " + token + " ] || echo $SYNOD_FENCING_TOKEN > " + token);
        }
        known = Map.of("here", here,
                "admin", whole.admin(),
                "door", whole.door(),
                "alone", alone.endpoint(),
                "admin-alone", alone.admin(),
                "nobody", "127.0.0.1:" + TestMember.freePort(),
                "stale", Files.readString(token).strip(),
                "long-name", "n".repeat(257),
                "folder", folder.toString());
    }

    @AfterAll
    void stop() {
        members.forEach(TestMember::close);
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> each : known.entrySet()) {
            filled = filled.replace('{' + each.getKey() + '}', each.getValue());
        }
        return filled;
    }

    private Run run(String line) {
        List<Object> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(filled(line)); word.find();) {
            @Nullable
            String quoted = word.group(1);
            words.add(quoted != null ? quoted : word.group(2));
        }
        return Run.of(words.toArray());
    }

    private void assertSaid(String line, int status, String said) {
        Run run = run(line);
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.err()).startsWith("synodctl: ").endsWith("\n").hasLineCount(1)
                .doesNotContain("Exception", "io.grpc", "io exception", "CallOptions", "a defect");
        for (String part : said.split("\\|", -1)) {
            assertThat(run.err()).contains(filled(part.strip()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "kv put a b --bogus                                  ; Unknown option: '--bogus' | kv put --help",
        "kv put                                              ; 'KEY', 'VALUE' | kv put --help",
        "bogus                                               ; 'bogus' | synodctl --help",
        "session close abc                                   ; 'abc' is not a long",
        "kv get a --timeout soon                             ; 'soon' is no span of time | such as 250ms",
        "kv get a --timeout 0s                               ; --timeout is 0",
        "lock                                                ; no lock is named",
        "lock a; there is no command to run | write it after --",
        "lock a --wait soon -- true                          ; --wait is 'soon' | such as 250ms",
        "lock a --permits 70000 -- true                      ; --permits is 70000 | 1 to 65536",
        "lock a --shared --permits 2 -- true                 ; exclude each other | leave one out",
        "lock break a                                        ; '--reason=TEXT'",
        "elect --id x                                        ; no election is named",
        "kv put a b --fence lock:1                           ; --fence is lock:1 | lock:NAME:TOKEN",
        "kv get a --endpoint 'x y'; the endpoint is 'x y' | host:port and unix:///path",
        "lock a --endpoint 'x y' -- true; the endpoint is 'x y' | host:port and unix:///path",
        "status --admin 'x y'                                ; the admin port is 'x y' | host:port",
        "status --tls-cert cert.pem; --tls-cert, --tls-key and --tls-ca belong together",
        "backup -o b; '-o', 'b' | backup --help",
        "backup                                              ; -f=FILE | --into=DIR | backup --help",
        "backup -f a --into b; mutually exclusive | backup --help",
        "backup -f a --keep 3; --keep goes with --into",
        "backup --into {folder} --keep 0; --keep is 0 | 1 to 10000",
        "demo --rounds -1                                    ; --rounds is -1 | 0 for never",
        "dev                                                 ; nothing to run | -f | --",
        "lock ls -- true                                     ; lock ls is a command | lock -- ls ./job.sh",
        "lock --wait 5s show -- true                         ; lock show is a command | lock -- show",
        "lock break --reason x -- true                       ; lock break is a command | lock -- break",
        "elect leader -- true                                ; elect leader is a command | elect -- leader",
        "elect --id x observe -- true                        ; elect observe is a command | -- observe",
        "elect resign -- true                                ; elect resign is a command | -- resign",
    })
    void aWrongCommandLineExitsWith64(String line, String said) {
        assertSaid(line, 64, said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "lock 'a b' --endpoint {here} -- true                ; the name of the lock is | a b | allowed are",
        "lock {long-name} --endpoint {here} -- true; the name of the lock is | of 257 characters |"
                + " at most 256",
        "elect 'a b' --id x --endpoint {here} -- true; the name of the election is | a b | allowed are",
        "elect a --id '' --endpoint {here} -- true           ; the name of the candidate is | allowed are",
        "lock a -n x/y --endpoint {here} -- true             ; the namespace | x/y | one name without a /",
        "lock a --ttl 1ms --endpoint {here} -- true          ; ttl is 1 ms | 1000 to 3600000 ms are allowed",
        "kv get 'a b' --endpoint {here}                      ; a b | is no name | NAME_INVALID",
        "kv get {long-name} --endpoint {here}; is no name | 1 to 256 characters | NAME_INVALID",
        "kv get a -n x/y --endpoint {here}                   ; x/y | NAME_INVALID",
        "kv put a b --if-revision -1 --endpoint {here}       ; -1 | 0 and more are allowed",
        "lock show 'a b' --endpoint {here}                   ; a b | NAME_INVALID",
        "elect leader 'a b' --endpoint {here}                ; a b | NAME_INVALID",
        "lock a --endpoint {here} -- ./nothing               ; ./nothing | cannot be run",
    })
    void aBadNameOrNumberExitsWith64(String line, String said) {
        assertSaid(line, 64, said);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {
        "lock --endpoint {here} -- ls sh -c 'exit 7'",
        "elect --id x --endpoint {here} -- leader sh -c 'exit 7'"})
    void underANameLikeThatOfACommandItRunsWithTheDashesBeforeTheName(String line) {
        Run run = run(line);
        assertThat(run.status()).as(run.err()).isEqualTo(7);
    }

    @ParameterizedTest(name = "{0} bytes")
    @CsvSource(delimiter = ';', value = {
        "1048577 ; value has 1048577 bytes | 1048576 are allowed | VALUE_TOO_LARGE",
        "4000000 ; the request is too large | a value may have 1048576 bytes"})
    void anOversizedValueExitsWith64(int bytes, String said) {
        known = new HashMap<>(known);
        known.put("value", "v".repeat(bytes));
        assertSaid("kv put big {value} --endpoint {here}", 64, said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "session close 999999 --endpoint {here}              ; session 999999 was never opened here",
        "kv put a b --fence lock:fenced:{stale} --endpoint {here} ; token {stale} | no longer valid | _STALE",
        "kv put a b --fence lock:fenced:999999 --endpoint {here}; LOCK fenced was never given out |"
                + " FENCING_TOKEN_UNKNOWN",
        "lock break nope --reason x --endpoint {here}        ; lock nope is held by nobody | LOCK_NOT_HELD",
        "elect transfer nope --to x --endpoint {here}        ; election nope | campaign first",
        "kv get nope --endpoint {here}                       ; there is no key nope",
        "elect resign nope --endpoint {here}                 ; nobody leads nope",
    })
    void whatDoesNotHoldExitsWith1(String line, String said) {
        assertSaid(line, 1, said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "backup -f {folder}/none/b --admin {admin}; {folder}/none/b cannot be written | is no folder",
        "backup --into {folder}/none --admin {admin}; {folder}/none cannot be written | is no folder",
        "backup -f {folder}/whole --admin {admin}            ; {folder}/whole exists | name another file",
    })
    void aFileThatCannotBeWrittenExitsWith73(String line, String said) {
        assertSaid(line, 73, said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "lock a --timeout 1s -- true                         ; tried for 1s",
        "lock ls                                             ; the connection is refused",
        "lock show a                                         ; the connection is refused",
        "lock break a --reason x                             ; the connection is refused",
        "elect a --id x --timeout 1s -- true                 ; tried for 1s",
        "elect leader a                                      ; the connection is refused",
        "elect observe a                                     ; the connection is refused",
        "elect transfer a --to b                             ; the connection is refused",
        "elect resign a                                      ; the connection is refused",
        "kv get a                                            ; the connection is refused",
        "kv put a b                                          ; the connection is refused",
        "kv del a                                            ; the connection is refused",
        "kv txn --if 'a missing' --put a=1                   ; the connection is refused",
        "kv watch a                                          ; the connection is refused",
        "session ls                                          ; the connection is refused",
        "session close 1                                     ; the connection is refused",
        "wait --for ready --timeout 1s                       ; waited 1.0 s for ready, in vain",
        "wait --for leader --timeout 1s                      ; waited 1.0 s for leader, in vain",
    })
    void withNobodyListeningTheEndpointIsNamedAndWhatToDo(String line, String said) {
        int at = line.contains(" -- ") ? line.indexOf(" -- ") : line.length();
        String asked = line.substring(0, at) + " --endpoint {nobody}" + line.substring(at);
        assertSaid(asked, 69, said + "| the sidecar at {nobody} does not answer | synodctl dev | --endpoint");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "status --admin {nobody}; does not answer | connection is refused | --admin",
        "status --confirm --admin {nobody}; does not answer | connection is refused | --admin",
        "members --admin {nobody}; does not answer | connection is refused | --admin",
        "backup -f {folder}/b --admin {nobody}; does not answer | connection is refused | --admin",
        "status --admin nowhere.invalid:1                    ; nowhere.invalid:1 | there is no such host",
        "kv get a --endpoint nowhere.invalid:1               ; nowhere.invalid:1 | there is no such host",
        "kv get a --endpoint unix://{folder}/none            ; {folder}/none | does not answer",
        "kv get a --endpoint {admin}; {admin} | does not serve this | is that its port",
        "kv get a --endpoint {door}; {door} | does not serve this | is that its port",
    })
    void aPortOfNobodyOrOfSomethingElseIsNamed(String line, String said) {
        assertSaid(line, 69, said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "lock a --timeout 1s --endpoint {alone} -- true      ; no session was opened at {alone} | no quorum",
        "elect a --id x --timeout 1s --endpoint {alone} -- true ; no session was opened | no quorum",
        "lock ls --timeout 1s --endpoint {alone}             ; the cluster has no quorum | NO_LEADER",
        "kv get a --timeout 1s --endpoint {alone}            ; the cluster has no quorum | NO_LEADER",
        "kv put a b --timeout 1s --endpoint {alone}          ; the cluster has no quorum | NO_LEADER",
        "kv del a --timeout 1s --endpoint {alone}            ; the cluster has no quorum | NO_LEADER",
        "elect leader a --timeout 1s --endpoint {alone}      ; the cluster has no quorum | NO_LEADER",
        "elect transfer a --to b --timeout 1s --endpoint {alone} ; the cluster has no quorum | NO_LEADER",
        "session ls --timeout 1s --endpoint {alone}          ; the cluster has no quorum | NO_LEADER",
        "wait --for leader --timeout 1s --endpoint {alone}; the cluster has no quorum |"
                + " --timeout waits longer",
        "wait --for ready --timeout 1s --endpoint {alone}    ; the sidecar at {alone} is not ready",
        "status --confirm --admin {admin-alone}              ; no leader with a quorum | NO_QUORUM",
        "backup -f {folder}/b --admin {admin-alone}          ; no leader with a quorum | NO_QUORUM",
    })
    void withoutAQuorumItExitsWith69(String line, String said) {
        assertSaid(line, 69, said);
    }
}
