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
@Command(name = "inspect",
        description = "Tell what is on a volume, and whether a member could start on it. Writes"
                + " nothing; takes as long as a start.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nobody's volume, or a sound one: a member can start on it",
            "65:damaged: a member would stay silent and has to be replaced",
            "74:the folder cannot be read"},
        footer = {"", "Examples:",
            "  synodctl volume inspect /var/lib/synod",
            "  synodctl volume inspect ./cluster/member-0 -o yaml"})
final class InspectCommand implements Callable<Integer> {
    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "DIR", description = "The volume's folder.")
    private Path folder = Path.of("");
    // spotless:on

    @Override
    public Integer call() {
        ReadOnlyFileDisk disk = ReadOnlyFileDisk.at(folder);
        VolumeReport report = VolumeInspection.inspect(disk, disk.holder());
        ReportView view = new ReportView(folder, report);
        output.print(view.tree(), view::text);
        return report.verdict().exitStatus();
    }
}
