export async function runWorker(_options: { redis?: string; workers?: number }): Promise<void> {}
