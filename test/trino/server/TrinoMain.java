import io.trino.server.Server;

/** Starts the server with the configuration that -Dconfig names, as the distribution's launcher does. */
public final class TrinoMain {
    private TrinoMain() {}

    public static void main(String[] args) {
        new Server().start("435");
    }
}
