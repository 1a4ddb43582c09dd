import type { Engine } from "./engine.js";
export class QueueEngine {
  static async connect(_o: unknown): Promise<Engine> {
    throw new Error("later");
  }
}
