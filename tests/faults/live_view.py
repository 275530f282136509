# What Redis shows of the technicians, read with its own client.
import subprocess


def read_live(port):
    """technician -> sequence, of those who are live."""
    def ask(*words):
        said = subprocess.run(["redis-cli", "-p", str(port), *words], check=True, capture_output=True, text=True).stdout
        return said.split()

    live = {}
    for key in ask("--scan", "--pattern", "tech:*"):
        sequence = ask("HGET", key, "sequence")
        if sequence:
            live[key.partition(":")[2]] = int(sequence[0])
    return live
