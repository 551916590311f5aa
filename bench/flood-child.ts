/**
 * The parts of `npm run flood` that run in processes of their own, so that neither starves the other or the logins:
 * the stand-ins for STS and DynamoDB, and the sender of foreign tokens. The process that starts them talks to them by messages.
 */
import { startStandIns } from '../test/fixtures/aws-stand-ins.ts';
import { runFlood } from './flood-load.ts';
import type { FloodResult } from './flood-load.ts';
import { connect } from './flood-targets.ts';
import type { ServeAddress } from './flood-targets.ts';
import { webhookToken } from './review-event.ts';

/** What the parent asks. `take` answers the calls since the last `take`. */
export type Order =
  | { readonly kind: 'stand-ins' }
  | { readonly kind: 'take' }
  | {
      readonly kind: 'flood';
      readonly address: ServeAddress;
      readonly rate: number;
      readonly seconds: number;
    };

/** One answer for each order, by its kind. */
export type Report =
  | { readonly kind: 'stand-ins'; readonly endpoint: string }
  | { readonly kind: 'take'; readonly calls: Readonly<Record<string, number>> }
  | { readonly kind: 'flood'; readonly result: FloodResult };

let calls = new Map<string, number>();

async function answer(order: Order): Promise<Report> {
  switch (order.kind) {
    case 'stand-ins': {
      const standIns = await startStandIns(webhookToken);
      calls = standIns.calls;
      return { kind: order.kind, endpoint: standIns.endpoint };
    }
    case 'take': {
      const taken = Object.fromEntries(calls);
      calls.clear();
      return { kind: order.kind, calls: taken };
    }
    case 'flood': {
      const target = connect(order.address);
      const result = await runFlood(target.review, { seconds: order.seconds, flood: order.rate, logins: 0 });
      await target.close();
      return { kind: order.kind, result };
    }
  }
}

process.on('message', (order: Order) => void answer(order).then((report) => process.send?.(report)));
process.on('disconnect', () => process.exit());
