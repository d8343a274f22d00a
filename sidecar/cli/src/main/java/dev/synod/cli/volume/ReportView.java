package dev.synod.cli.volume;

import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Member;
import dev.synod.paxos.Snapshot;
import dev.synod.storage.VolumeReport;
import dev.synod.storage.VolumeReport.FileReport;
import dev.synod.storage.VolumeReport.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link VolumeReport} as text and as a tree. */
final class ReportView {
    private final Path folder;
    private final VolumeReport report;

    ReportView(Path folder, VolumeReport report) {
        this.folder = folder;
        this.report = report;
    }

    private String verdict() {
        return switch (report.verdict()) {
            case EMPTY -> "nobody's yet: it can be formatted";
            case SOUND -> "a member can start on it; nothing acknowledged is missing";
            case DAMAGED -> "a member that starts on it stays silent: have it replaced";
            case UNREADABLE -> "the folder cannot be read";
        };
    }

    // Text.

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "volume", folder.toAbsolutePath().normalize().toString());
        line(text, "verdict", report.verdict() + ", " + verdict());
        line(text, "state", report.state().toString());
        if (report.holder() != null) {
            line(text, "in use", report.holder());
        }
        if (report.member() != null) {
            line(text, "member", report.member() + ", incarnation " + report.incarnation());
            line(text, "cluster", String.valueOf(report.cluster()));
        }
        VolumeReport.Log log = report.log();
        if (log != null) {
            logText(text, log);
        }
        if (!report.findings().isEmpty()) {
            text.append('\n');
            for (Finding finding : report.findings()) {
                text.append(finding.level()).append(": ").append(finding.what()).append('\n')
                        .append("  -> ").append(finding.advice()).append('\n');
            }
        }
        if (!report.files().isEmpty()) {
            Table files = new Table("file", "bytes", "condition", "holds");
            for (FileReport file : report.files()) {
                files.row(file.name(), file.sizeBytes() < 0 ? "?" : file.sizeBytes(), file.condition(),
                        file.what());
            }
            text.append('\n').append(files);
        }
        return text.toString();
    }

    private void logText(StringBuilder text, VolumeReport.Log log) {
        line(text, "epoch", log.configuration().epoch() + ", from entry " + log.configurationIndex());
        for (Member voter : log.configuration().voters()) {
            line(text, "voter", words(voter));
        }
        for (Member observer : log.configuration().observers()) {
            line(text, "observer", words(observer));
        }
        line(text, "promised", log.promised() + " by the log, "
                + Objects.requireNonNullElse(report.witness(), "nothing") + " by the promise file");
        line(text, "accepted", log.accepted().toString());
        line(text, "entries", (log.last() == log.base()
                ? "none after " + log.base()
                : (log.base() + 1) + " to " + log.last()) + ", decided up to " + log.decided());
        Snapshot snapshot = log.snapshot();
        line(text, "snapshot", snapshot == null
                ? "none"
                : "of entry " + snapshot.index() + ", " + snapshot.ref().lengthBytes() + " bytes");
        line(text, "log", "segment " + log.head() + ", batch " + log.batches());
    }

    private static String words(Member member) {
        return member.number() + ", " + member.uuid() + " at " + member.address();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-9s %s%n", name, value));
    }

    // Tree.

    Tree tree() {
        List<Object> files = new ArrayList<>();
        for (FileReport file : report.files()) {
            files.add(new Tree()
                    .with("name", file.name())
                    .with("sizeBytes", file.sizeBytes() < 0 ? null : file.sizeBytes())
                    .with("condition", file.condition().toString())
                    .with("what", file.what())
                    .fields());
        }
        List<Object> findings = new ArrayList<>();
        for (Finding finding : report.findings()) {
            findings.add(new Tree()
                    .with("level", finding.level().toString())
                    .with("what", finding.what())
                    .with("advice", finding.advice())
                    .fields());
        }
        return new Tree()
                .with("volume", folder.toAbsolutePath().normalize().toString())
                .with("verdict", report.verdict().toString())
                .with("state", report.state().toString())
                .with("holder", report.holder())
                .with("cluster", text(report.cluster()))
                .with("member", text(report.member()))
                .with("incarnation", report.incarnation())
                .with("promiseFile", text(report.witness()))
                .with("log", log(report.log()))
                .with("findings", findings)
                .with("files", files);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Map<String, @Nullable Object> log(VolumeReport.@Nullable Log log) {
        if (log == null) {
            return null;
        }
        Configuration configuration = log.configuration();
        Snapshot snapshot = log.snapshot();
        return new Tree()
                .with("activated", log.activated())
                .with("promised", log.promised().toString())
                .with("accepted", log.accepted().toString())
                .with("epoch", configuration.epoch())
                .with("epochFrom", log.configurationIndex())
                .with("voters", members(configuration.voters()))
                .with("observers", members(configuration.observers()))
                .with("base", log.base())
                .with("last", log.last())
                .with("decided", log.decided())
                .with("snapshot", snapshot == null
                        ? null
                        : new Tree()
                                .with("index", snapshot.index())
                                .with("sizeBytes", snapshot.ref().lengthBytes())
                                .fields())
                .with("segment", log.head())
                .with("batches", log.batches())
                .fields();
    }

    private static List<Object> members(List<Member> members) {
        List<Object> list = new ArrayList<>();
        for (Member member : members) {
            list.add(new Tree()
                    .with("number", member.number())
                    .with("uuid", member.uuid().toString())
                    .with("address", member.address())
                    .fields());
        }
        return list;
    }
}
