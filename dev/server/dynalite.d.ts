/** dynalite has no types of its own: these are the parts of it that Countersign uses. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Milliseconds that a table stays in CREATING. Default 500. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    /** Folder of the LevelDB store. Default: in memory. */
    readonly path?: string;
  }
  export default function dynalite(options: DynaliteOptions): Server;
}
