package dev.synod.node;

/** The table of all settings, as text and for the documentation. */
final class HelpText {
    private HelpText() {}

    /** What {@code --help} says. */
    static String of() {
        StringBuilder text = new StringBuilder("""
                synod: a member or an agent of a coordination cluster.

                Settings, as flag `--name value`, as variable of the environment, or as `name = value` in the
                file named by --config; a flag wins over the environment, that over the file.

                """);
        for (Setting setting : Setting.values()) {
            text.append("  ").append(setting.flag()).append("  (").append(setting.variable()).append(")\n")
                    .append("      ").append(setting.description()).append('\n')
                    .append("      allowed: ").append(setting.kind().allowed())
                    .append("; default: ").append(fallback(setting)).append('\n');
        }
        text.append("""

                  --help      says this
                  --version   says which version this is

                Exit status:
                """);
        for (ExitCode code : ExitCode.values()) {
            text.append("  ").append(code.status()).append("  ").append(code.meaning()).append('\n');
        }
        return text.toString();
    }

    /** The rows of {@code docs/configuration.md}. */
    static String markdown() {
        StringBuilder text = new StringBuilder("""
                | Flag | Environment | Default | Allowed | What it sets |
                |---|---|---|---|---|
                """);
        for (Setting setting : Setting.values()) {
            text.append("| `").append(setting.flag()).append("` | `").append(setting.variable())
                    .append("` | ").append(setting.fallback() == null || setting.fallback().isEmpty()
                            ? "–"
                            : "`" + setting.fallback() + "`")
                    .append(" | ").append(setting.kind().allowed())
                    .append(" | ").append(setting.description()).append(" |\n");
        }
        text.append("""

                | Exit status | Means |
                |---|---|
                """);
        for (ExitCode code : ExitCode.values()) {
            text.append("| ").append(code.status()).append(" | ").append(code.meaning()).append(" |\n");
        }
        return text.toString();
    }

    private static String fallback(Setting setting) {
        String fallback = setting.fallback();
        return fallback == null || fallback.isEmpty() ? "none" : fallback;
    }
}
