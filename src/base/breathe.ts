/** Lets everything else that waits for this thread have its turn: to be awaited now and then within long work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
