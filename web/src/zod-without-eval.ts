// What the page takes for "zod" (vite.config.ts): the same, told not to try `new Function` before any schema is made.
import { config } from "zod/v4/core";

config({ jitless: true });

export { z } from "zod/v4";
