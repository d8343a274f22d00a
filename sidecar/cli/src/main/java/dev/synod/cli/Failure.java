package dev.synod.cli;

import dev.synod.cli.sidecar.CallFailure;
import dev.synod.client.CoordinationException;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.FolderRefusedException;
import dev.synod.storage.NotRecoverableException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * What is said of a failure, and what the process exits with.
 *
 * @param status of the process
 * @param message one line: what was wrong, with which value, what to do
 */
record Failure(ExitStatus status, String message) {
    static Failure of(Throwable failure) {
        return switch (failure) {
            case CommandException e -> new Failure(e.status(), text(e));
            case NotRecoverableException e -> new Failure(ExitStatus.DATA, text(e));
            case FolderRefusedException e -> new Failure(ExitStatus.CANNOT_CREATE, text(e));
            case DiskFullException e -> new Failure(ExitStatus.CANNOT_CREATE, text(e));
            case DiskFailedException e -> new Failure(ExitStatus.IO, text(e));
            case StatusRuntimeException e -> {
                CallFailure told = CallFailure.of(e);
                yield new Failure(told.status(), told.message());
            }
            case CoordinationException e -> {
                CallFailure told = CallFailure.of(e);
                yield new Failure(told.status(), told.message());
            }
            case NoSuchFileException e -> new Failure(ExitStatus.IO, e.getFile() + " does not exist");
            case AccessDeniedException e -> new Failure(ExitStatus.DENIED,
                    e.getFile() + " cannot be used by this user: permission denied");
            case IOException e -> new Failure(ExitStatus.IO, text(e));
            default -> new Failure(ExitStatus.SOFTWARE, "a defect: " + failure
                    + "; run it again with SYNOD_DEBUG=1 and report what it prints");
        };
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
