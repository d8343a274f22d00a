package dev.synod.cli.volume;

import dev.synod.cli.output.OutputOption;
import dev.synod.storage.ReadOnlyFileDisk;
import dev.synod.storage.VolumeInspection;
import dev.synod.storage.VolumeReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks at a volume. */
@Command(name = "verify",
        description = "As inspect, and read every other byte and compare every other checksum and"
                + " digest too.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nobody's volume, or a sound one: a member can start on it",
            "65:damaged: a member would stay silent and has to be replaced",
            "74:the folder cannot be read"},
        footer = {"", "Examples:",
            "  synodctl volume verify /var/lib/synod",
            "  synodctl volume verify ./cluster/member-0 -o yaml"})
final class VerifyCommand implements Callable<Integer> {
    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "DIR", description = "The volume's folder.")
    private Path folder = Path.of("");
    // spotless:on

    @Override
    public Integer call() {
        ReadOnlyFileDisk disk = ReadOnlyFileDisk.at(folder);
        VolumeReport report = VolumeInspection.verify(disk, disk.holder());
        ReportView view = new ReportView(folder, report);
        output.print(view.tree(), view::text);
        return report.verdict().exitStatus();
    }
}
