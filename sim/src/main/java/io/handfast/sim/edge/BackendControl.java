package io.handfast.sim.edge;

/** Reaches the processes behind the names of backends; for {@code sigterm} in scripts. Called on a thread of the edge. */
public interface BackendControl {
    /** For backends whose processes cannot be reached: a script that wants to is told so in its notes. */
    BackendControl NONE = new BackendControl() {
        @Override
        public boolean sigterm(String backend) {
            return false;
        }

        @Override
        public boolean kill(String backend) {
            return false;
        }
    };

    /**
     * Asks the process to end.
     *
     * @return whether there was one to ask
     */
    boolean sigterm(String backend);

    /**
     * Kills the process, if it still runs.
     *
     * @return whether there was one to kill
     */
    boolean kill(String backend);
}
