import type { WasmBuild } from "./node.js";

export async function loadWasm(build: WasmBuild): Promise<BufferSource> {
  // both URLs are spelled out, so that bundlers find the files
  const url =
    build === "release"
      ? new URL("../wasm/solver.wasm", import.meta.url)
      : new URL("../wasm/solver.debug.wasm", import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/** Lets messages and timers run; a message channel, because nested timers are held back to 4 ms. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
