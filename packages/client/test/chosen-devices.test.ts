import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, CallEvents } from "@echoo/client";
import { EchooDevices } from "@echoo/client/devices";

type Kind = "audioinput" | "videoinput" | "audiooutput";

/** A machine whose devices come and go, and what its browser remembers. */
class Machine {
  devices: { deviceId: string; kind: Kind; label: string }[] = [];
  kept: string | null = null;
  watchers = 0;
  #changed = () => {};

  open(): EchooDevices {
    return new EchooDevices({
      devices: {
        enumerate: async () => this.devices,
        watch: (changed) => {
          this.watchers += 1;
          this.#changed = changed;
          return () => {
            this.watchers -= 1;
          };
        },
      },
      memory: {
        read: () => this.kept,
        write: (text) => {
          this.kept = text;
        },
      },
    });
  }

  plug(kind: Kind, deviceId: string): void {
    this.devices = [...this.devices, { kind, deviceId, label: `The ${deviceId}` }];
    this.#changed();
  }

  unplug(deviceId: string): void {
    this.devices = this.devices.filter((device) => device.deviceId !== deviceId);
    this.#changed();
  }
}

/** A call that uses what it is told to. */
class CallWithDevices {
  deviceIds: { audioinput: string | undefined; videoinput: string | undefined } = {
    audioinput: undefined,
    videoinput: undefined,
  };
  readonly used: string[] = [];
  refuses = false;
  readonly #handlers = new Map<string, Set<() => void>>();

  async useDevice(kind: "audioinput" | "videoinput", id: string): Promise<void> {
    this.used.push(id);
    if (this.refuses) throw new Error("It is in use elsewhere.");
    this.deviceIds = { ...this.deviceIds, [kind]: id };
    this.tell("media");
  }

  on(type: keyof CallEvents, handler: () => void): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  tell(type: keyof CallEvents): void {
    for (const handler of [...(this.#handlers.get(type) ?? [])]) handler();
  }

  get listeners(): number {
    return [...this.#handlers.values()].reduce((sum, handlers) => sum + handlers.size, 0);
  }

  get asCall(): Call {
    return this as unknown as Call;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function withMicrophones(): Promise<{ machine: Machine; devices: EchooDevices; call: CallWithDevices }> {
  const machine = new Machine();
  machine.devices = [
    { kind: "audioinput", deviceId: "built-in", label: "" },
    { kind: "audioinput", deviceId: "headset", label: "" },
  ];
  const devices = machine.open();
  await settled();
  const call = new CallWithDevices();
  call.deviceIds.audioinput = "built-in";
  return { machine, devices, call };
}

describe("the devices that a user chose", () => {
  it("are there on the next page, and in its calls as soon as they have a microphone", async () => {
    const { machine, devices } = await withMicrophones();
    devices.choose("audioinput", "headset");
    const next = machine.open();
    const call = new CallWithDevices();
    next.useIn(call.asCall);
    await settled();
    assert.deepEqual(call.used, []);
    call.deviceIds.audioinput = "built-in";
    call.tell("media");
    assert.deepEqual(call.used, ["headset"]);
    assert.deepEqual(next.view.chosen, { audioinput: "headset" });
  });

  it("are used in a call from the moment they are chosen, until it ends", async () => {
    const { devices, call } = await withMicrophones();
    devices.useIn(call.asCall);
    devices.choose("audioinput", "headset");
    assert.deepEqual(call.used, ["headset"]);
    call.tell("ended");
    devices.choose("audioinput", "built-in");
    assert.deepEqual(call.used, ["headset"]);
    assert.equal(call.listeners, 0);
  });

  it("are left while they are away, and used again once they are back", async () => {
    const { machine, devices, call } = await withMicrophones();
    devices.useIn(call.asCall);
    devices.choose("audioinput", "headset");
    machine.unplug("headset");
    await settled();
    // The call itself goes on with the default one.
    call.deviceIds.audioinput = "built-in";
    call.tell("media");
    assert.deepEqual(call.used, ["headset"]);
    machine.plug("audioinput", "headset");
    await settled();
    assert.deepEqual(call.used, ["headset", "headset"]);
  });

  it("are told as refused where a call cannot use one, and not tried again with each change of it", async () => {
    const { devices, call } = await withMicrophones();
    const errors: unknown[] = [];
    devices.on("error", (error) => errors.push(error));
    call.refuses = true;
    devices.choose("audioinput", "headset");
    devices.useIn(call.asCall);
    await settled();
    call.tell("media");
    await settled();
    call.tell("media");
    await settled();
    assert.ok(errors.length <= 2, `${errors.length} errors`);
    assert.equal(errors.length, call.used.length);
  });

  it("are none where the page before wrote something else there", async () => {
    for (const kept of ["{", "null", "[]", '"text"', '{"audioinput":7,"videoinput":"","audiooutput":null}']) {
      const machine = new Machine();
      machine.kept = kept;
      assert.deepEqual(machine.open().view.chosen, {}, kept);
    }
    const machine = new Machine();
    machine.kept = JSON.stringify({ audioinput: "x".repeat(257), videoinput: "y".repeat(256) });
    assert.deepEqual(machine.open().view.chosen, { videoinput: "y".repeat(256) });
  });

  it("go back to the default when nothing is chosen any more", async () => {
    const { machine, devices } = await withMicrophones();
    devices.choose("audioinput", "headset");
    devices.choose("audioinput", undefined);
    assert.deepEqual(machine.open().view.chosen, {});
  });
});

describe("the list of devices", () => {
  it("follows what is plugged in and out, as the same object between changes", async () => {
    const { machine, devices } = await withMicrophones();
    const before = devices.view;
    assert.equal(devices.view, before);
    machine.plug("videoinput", "camera");
    await settled();
    assert.notEqual(devices.view, before);
    assert.deepEqual(devices.view.videoinput, [{ id: "camera", label: "The camera" }]);
  });

  it("is followed no more once it is disposed of", async () => {
    const { machine, devices } = await withMicrophones();
    const before = devices.view;
    devices.dispose();
    machine.plug("videoinput", "camera");
    await settled();
    assert.equal(devices.view, before);
    assert.equal(machine.watchers, 0);
  });

  it("moves an element to the chosen speaker, and to the default when that is away", async () => {
    const machine = new Machine();
    machine.devices = [
      { kind: "audiooutput", deviceId: "speaker", label: "" },
      { kind: "audiooutput", deviceId: "default", label: "" },
    ];
    const devices = machine.open();
    await settled();
    const element = {
      sinkId: "",
      async setSinkId(id: string) {
        element.sinkId = id;
      },
    };
    const stop = devices.playThrough(element as unknown as HTMLMediaElement);
    devices.choose("audiooutput", "speaker");
    assert.equal(element.sinkId, "speaker");
    machine.unplug("speaker");
    await settled();
    assert.equal(element.sinkId, "");
    stop();
    machine.plug("audiooutput", "speaker");
    await settled();
    assert.equal(element.sinkId, "");
  });
});
