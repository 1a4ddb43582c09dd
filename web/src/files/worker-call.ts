/** Why a file could not be read or written; to be shown as it is. */
export class FileError extends Error {}

/** What a worker answers when it cannot go on. */
export interface Failed {
  kind: "failed";
  message: string;
}

/** One worker: each message has one answer. The user may end it, and so does silence. */
export class WorkerCall<To, From extends { kind: string }> {
  readonly #worker: Worker;
  readonly #seconds: number;
  #refuse: (reason: Error) => void = () => {};

  constructor(worker: Worker, seconds: number) {
    this.#worker = worker;
    this.#seconds = seconds;
  }

  /** @throws FileError if the worker says so, breaks down, or takes longer than it may; AbortError if it was ended */
  async ask(message: To, transfer: Transferable[] = []): Promise<Exclude<From, Failed>> {
    const worker = this.#worker;
    const answered = new Promise<From | Failed>((resolve, reject) => {
      this.#refuse = reject;
      worker.onmessage = ({ data }: MessageEvent<From | Failed>) => resolve(data);
      worker.onmessageerror = () => reject(new FileError("cannot be handed over"));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(
          new FileError(`broke the program that handles it${event.message ? `: ${event.message}` : ""}`),
        );
      };
    });
    const late = new FileError(`takes longer than ${this.#seconds} s; it was stopped`);
    const timer = setTimeout(() => this.#end(late), this.#seconds * 1000);
    try {
      worker.postMessage(message, transfer);
      const answer = await answered;
      if (isFailed(answer)) throw new FileError(answer.message);
      return answer as Exclude<From, Failed>;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#end(new DOMException("ended", "AbortError"));
  }

  #end(reason: Error): void {
    this.#worker.terminate();
    this.#refuse(reason);
  }
}

function isFailed(answer: { kind: string }): answer is Failed {
  return answer.kind === "failed";
}
