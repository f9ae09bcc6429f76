import type { Audit } from "@echoo/accounts";
import type { Block, Clock, SignalingControl, Store } from "@echoo/core";
import { type BlockBody, limits, Refusal } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";
import { type OwnNumberDeps, ownNumber, parseUserId } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";

interface BlockRouteDeps extends OwnNumberDeps {
  readonly store: Pick<Store, "users" | "blocks">;
  readonly live: Pick<SignalingControl, "findPresence" | "personChanged">;
  readonly clock: Pick<Clock, "now">;
  readonly audit: Audit;
}

export function blockRoutes(deps: BlockRouteDeps): Handlers<"listBlocks" | "putBlock" | "deleteBlock"> {
  const { store, live, clock, audit } = deps;

  return {
    listBlocks: async ({ caller, params }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      return { status: 200, body: { blocks: (await store.blocks.list(owner)).map(blockBody) } };
    },

    putBlock: async ({ caller, params, address, requestId }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const blocked = parseUserId(deps, "other", params.other);
      if (blocked === owner) throw new Refusal("conflict", { message: "You cannot block yourself." });
      const block: Block = { blocked, createdAtMs: clock.now() };
      // To the blocked one this is the moment when an owner who is here went offline.
      if ((await live.findPresence(owner)).online) await store.users.update(owner, { lastSeenAtMs: block.createdAtMs });
      const outcome = await store.blocks.put(owner, block, limits.blocksPerUser);
      if (outcome === "full") throw new Refusal("conflict", { message: "Your list of blocked people is full." });
      audit.note("blocked", { user: owner, other: blocked, address, requestId });
      await live.personChanged(owner);
      const stored = (await store.blocks.list(owner)).find((each) => each.blocked === blocked) ?? block;
      return { status: outcome === "created" ? 201 : 200, body: { block: blockBody(stored) } };
    },

    deleteBlock: async ({ caller, params, address, requestId }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const blocked = parseUserId(deps, "other", params.other);
      if (!(await store.blocks.remove(owner, blocked))) throw new Refusal("not_found");
      audit.note("unblocked", { user: owner, other: blocked, address, requestId });
      await live.personChanged(owner);
      return { status: 200, body: { success: true } };
    },
  };
}

function blockBody({ blocked, createdAtMs }: Block): BlockBody {
  return { phone: blocked, createdAt: instantOf(createdAtMs) };
}
