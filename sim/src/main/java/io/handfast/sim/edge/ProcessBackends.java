package io.handfast.sim.edge;

import java.util.Map;
import java.util.function.Predicate;

/** Backends that are processes of this machine, by their process ids. */
public final class ProcessBackends implements BackendControl {
    private final Map<String, Long> pids;

    /** @param pids process ids by the names of backends */
    public ProcessBackends(Map<String, Long> pids) {
        this.pids = Map.copyOf(pids);
    }

    @Override
    public boolean sigterm(String backend) {
        return on(backend, ProcessHandle::destroy);
    }

    @Override
    public boolean kill(String backend) {
        return on(backend, ProcessHandle::destroyForcibly);
    }

    private boolean on(String backend, Predicate<ProcessHandle> signal) {
        Long pid = pids.get(backend);
        return pid != null && ProcessHandle.of(pid).map(signal::test).orElse(false);
    }
}
