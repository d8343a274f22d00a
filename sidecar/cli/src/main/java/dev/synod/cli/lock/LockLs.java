package dev.synod.cli.lock;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Claims;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.ListLocksRequest;
import dev.synod.coordination.v1.ListLocksResponse;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists locks. */
@Command(name = "ls",
        description = "List the locks in use, with who holds them and how many wait.",
        footer = {"", "Examples:",
            "  synodctl lock ls",
            "  synodctl lock ls orders/ -o json"})
final class LockLs implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "PREFIX", arity = "0..1",
            description = "Only names that begin with this.")
    private String prefix = "";
    // spotless:on

    @Override
    public Integer call() {
        List<Lock> locks = new ArrayList<>();
        long revision = 0;
        try (Sidecar sidecar = options.open()) {
            String page = "";
            do {
                ListLocksResponse response = sidecar.locks().listLocks(ListLocksRequest.newBuilder()
                        .setNamespace(options.namespace()).setPrefix(prefix).setPageSize(1_000)
                        .setPageToken(page).build());
                locks.addAll(response.getLocksList());
                revision = response.getRevision();
                page = response.getNextPageToken();
            } while (!page.isEmpty());
        }
        Table table = new Table("lock", "mode", "holder", "token", "waiting");
        List<Object> trees = new ArrayList<>();
        for (Lock lock : locks) {
            trees.add(LockViews.tree(lock).fields());
            if (lock.getHoldersList().isEmpty()) {
                table.row(lock.getName(), "", "", "", lock.getQueueCount());
            }
            for (LockHolder holder : lock.getHoldersList()) {
                table.row(lock.getName(), LockViews.mode(holder.getMode(), holder.getMaxHolders()),
                        Claims.text(holder.getClaimant()), holder.getFencingToken(), lock.getQueueCount());
            }
        }
        output.print(new Tree().with("locks", trees).with("revision", revision), table::toString);
        return ExitStatus.OK.status();
    }
}
