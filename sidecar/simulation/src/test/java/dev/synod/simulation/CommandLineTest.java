package dev.synod.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static CommandLine parse(String... arguments) throws UsageException {
        return CommandLine.parse(List.of(arguments));
    }

    private static void assertRefused(String because, String... arguments) {
        assertThatThrownBy(() -> parse(arguments)).isInstanceOf(UsageException.class)
                .hasMessageContaining(because);
    }

    @Test
    void secondsAndSeedsBothLimitABatch() throws UsageException {
        CommandLine line = parse("--seconds", "60", "--seeds=5", "--from", "0xff", "--threads", "3");
        assertThat(line.mode()).isEqualTo(CommandLine.Mode.BATCH);
        assertThat(line.seconds()).isEqualTo(60);
        assertThat(line.seeds()).isEqualTo(5);
        assertThat(line.from()).isEqualTo(255);
        assertThat(line.threads()).isEqualTo(3);
    }

    @Test
    void aSeedIsReadInDecimalAndInHexadecimal() throws UsageException {
        assertThat(parse("--seed", "4711").seed()).isEqualTo(4711);
        assertThat(parse("--seed", "0xffffffffffffffff").seed()).isEqualTo(-1);
    }

    @Test
    void mutantsTakesNamesUpToTheNextFlag() throws UsageException {
        CommandLine line = parse("--mutants", "M01", "E04", "--threads", "1");
        assertThat(line.mode()).isEqualTo(CommandLine.Mode.MUTANTS);
        assertThat(line.mutants()).containsExactly("M01", "E04");
    }

    @Test
    void aShareIsAPartOfTheMutants() throws UsageException {
        CommandLine line = parse("--mutants", "--share", "2/7");
        assertThat(line.share()).isEqualTo(2);
        assertThat(line.shares()).isEqualTo(7);
        assertRefused("between 1 and N", "--mutants", "--share", "8/7");
        assertRefused("K/N", "--mutants", "--share", "7");
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAReason() {
        assertRefused("nothing to do");
        assertRefused("'--sedes' is not known", "--sedes", "5");
        assertRefused("--seconds needs a value", "--seconds");
        assertRefused("not '0'", "--seconds", "0");
        assertRefused("not 'many'", "--seeds", "many");
        assertRefused("such as 4711 or 0x1f3a", "--seed", "abc");
        assertRefused("exclude each other", "--seed", "1", "--exhaustive");
        assertRefused("--trace needs --seed", "--seeds", "3", "--trace");
        assertRefused("--faults needs --seed", "--seeds", "3", "--faults", "f");
        assertRefused("no limit fits", "--seed", "3", "--seconds", "4");
        assertRefused("--share needs --mutants", "--seeds", "3", "--share", "1/2");
    }

    private record Ended(int status, String out, String err) {}

    private static Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(arguments));
        return new Ended(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aWrongCommandLineEndsWithStatus64AndAWordOnStandardError() {
        Ended ended = run("--frobnicate");
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("--frobnicate").contains("--help");
    }

    @Test
    void anUnknownKnobOrMutantOrFileIsAWrongCommandLine() {
        assertThat(run("--seed", "1", "--knobs", "colour=red").err()).contains("is no knob");
        assertThat(run("--mutants", "M99").err()).contains("'M99' is no mutant");
        assertThat(run("--seed", "1", "--faults", "no/such/file").err()).contains("cannot be read");
    }

    @Test
    void helpShowsExamplesAndEndsWell() {
        Ended ended = run("--help");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("Examples:").contains("--mutants");
    }
}
