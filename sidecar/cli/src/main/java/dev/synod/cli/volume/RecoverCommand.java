package dev.synod.cli.volume;

import dev.synod.storage.Legacy;
import dev.synod.storage.Legacy.Damage;
import dev.synod.storage.ReadOnlyFileDisk;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins a new cluster from a volume that survived. */
@Command(name = "recover",
        description = {"Begin a new cluster from one surviving volume, when a quorum is lost for good.",
            "",
            "With --in-place the new volume takes the place of the old one, whose files stay in a"
                    + " hidden folder"
                    + " beside it. That may be cut short and repeated with the same identities.",
            "",
            "The new volume holds everything that is in the survivor's log, and is the only voter of a"
                    + " cluster with a new id. The old volume stays as it is. Of several survivors take"
                    + " the one with the greatest accepted ballot and, among equals, the last entry:"
                    + " synodctl volume inspect tells both.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "64:--yes is missing: the plan was printed, nothing was written",
            "65:the old volume is in use, damaged, or holds nothing",
            "73:the new folder cannot be used"},
        footer = {"", "Examples:",
            "  synodctl volume recover /mnt/member-2 --into /mnt/new-member",
            "  synodctl volume recover /mnt/member-2 --into /mnt/new-member --yes",
            "  synodctl volume recover /var/lib/synod --in-place --cluster-id ID --member-id ID --yes"})
final class RecoverCommand implements Callable<Integer> {
    @Mixin private Target target = new Target();

    // spotless:off
    @Parameters(paramLabel = "DIR",
            description = "The survivor's folder. Without --in-place nothing in it is changed.")
    private Path folder = Path.of("");

    @Option(names = "--salvage",
            description = "Take what is whole of a damaged volume, and accept that the rest is lost; the plan"
                    + " says what.")
    private boolean salvage;
    // spotless:on

    @Override
    public Integer call() throws Exception {
        Damage damage = salvage ? Damage.SALVAGED : Damage.REFUSED;
        if (target.isInPlace()) {
            return target.renew(folder, damage);
        }
        return target.begin(Legacy.ofVolume(ReadOnlyFileDisk.at(folder), damage));
    }
}
