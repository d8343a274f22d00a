package dev.synod.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.event.Level;

@Timeout(60)
final class LogWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LogWriter writer = new LogWriter(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private Logger logger(String name) {
        return new QueueingLogger(name, writer);
    }

    private String written() {
        writer.flush(PATIENCE);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineSaysWhenWhoAndWhat() {
        writer.start();
        logger("dev.synod.node.Node").info("epoch {} has {} voters", 3, 5);
        assertThat(written()).startsWith("time=").endsWith("\n")
                .contains(" level=info logger=Node thread=", " msg=\"epoch 3 has 5 voters\"");
    }

    @Test
    void whateverAPeerSendsALineStaysOneLine() {
        writer.start();
        logger("dev.synod.A").warn("said {}", "\"so\"\nlevel=error \u001b[31m");
        assertThat(written()).containsOnlyOnce("\n").contains("\\\"so\\\"\\nlevel=error \\u001b[31m");
    }

    @Test
    void aLineOfJsonHoldsTheTraceOfItsException() {
        writer.configure(Level.INFO, true);
        writer.start();
        logger("dev.synod.A").error("it broke", new IllegalStateException("so it is"));
        assertThat(written()).startsWith("{\"time\":\"").endsWith("\"}\n")
                .contains("\"msg\":\"it broke\"",
                        "\"error\":\"java.lang.IllegalStateException: so it is\\n\\tat ");
    }

    @Test
    void librariesAreHeardFromWarningsUp() {
        writer.start();
        logger("io.netty.channel.A").info("chatter");
        logger("io.netty.channel.A").warn("trouble");
        assertThat(written()).contains("trouble").doesNotContain("chatter");
    }

    @Test
    void whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() {
        for (int i = 0; i < LogWriter.LINES_MAX + 10; i++) {
            logger("dev.synod.A").info("line {}", i);
        }
        assertThat(writer.dropped()).isEqualTo(10);
        writer.start();
        assertThat(written()).contains("line " + (LogWriter.LINES_MAX - 1), "10 lines were dropped")
                .doesNotContain("line " + LogWriter.LINES_MAX + "\"");
    }
}
