/** The command line: parses, calls a command, and turns faults into one line and an exit code. */
export async function main(_arguments: readonly string[]): Promise<void> {}
