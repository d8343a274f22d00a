package dev.synod.cli.lock;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Table;
import dev.synod.cli.sidecar.Claims;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetLockResponse;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockHolder;
import dev.synod.coordination.v1.LockWaiter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one lock. */
@Command(name = "show",
        description = "Show who holds a lock and who waits for it, in order.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:somebody holds it", "1:nobody does"},
        footer = {"", "Examples:",
            "  synodctl lock show orders/42",
            "  synodctl lock show orders/42 -o json"})
final class LockShow implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The lock.")
    private String name = "";
    // spotless:on

    @Override
    public Integer call() {
        GetLockResponse response;
        try (Sidecar sidecar = options.open()) {
            response = sidecar.locks().getLock(
                    GetLockRequest.newBuilder().setNamespace(options.namespace()).setName(name).build());
        }
        Lock lock = response.getLock().toBuilder().setName(name).build();
        output.print(LockViews.tree(lock).with("revision", response.getRevision()), () -> text(lock));
        return (lock.getHoldersCount() > 0 ? ExitStatus.OK : ExitStatus.NO).status();
    }

    private static String text(Lock lock) {
        if (lock.getHoldersCount() == 0 && lock.getQueueCount() == 0) {
            return "nobody holds " + lock.getName() + "\n";
        }
        Table table = new Table("place", "mode", "who", "token");
        for (LockHolder holder : lock.getHoldersList()) {
            table.row("holds", LockViews.mode(holder.getMode(), holder.getMaxHolders()),
                    Claims.text(holder.getClaimant()), holder.getFencingToken());
        }
        for (LockWaiter waiter : lock.getQueueList()) {
            table.row("waits " + waiter.getPosition(),
                    LockViews.mode(waiter.getMode(), waiter.getMaxHolders()),
                    Claims.text(waiter.getClaimant()), "");
        }
        return table.toString();
    }
}
