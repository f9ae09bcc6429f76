import type { EchooRest } from "@echoo/client";
import type { PushDeviceBody } from "@echoo/protocol";
import type { CallController } from "../calls/call-controller.ts";
import type { CallSession } from "../calls/call-session.ts";
import { sayClosedRings } from "../i18n/en-own-devices.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import { newDeviceId } from "../platform.ts";
import type { Api } from "../state/api.ts";
import { Cell } from "../state/cell.ts";
import type { ClosedRings, ClosedRingsState } from "../state/closed-rings.ts";
import { deviceName } from "../state/device-name.ts";
import type { History } from "../state/history.ts";
import type { Session } from "../state/session-keeper.ts";
import { CallNotifications } from "../worker/notifications.ts";
import type { WorkerMessage } from "../worker/pushed.ts";
import { AskClosedRings } from "./ask-closed-rings.tsx";
import { followComforts } from "./call-comforts.ts";
import { ClosedRingsSettings } from "./closed-rings-settings.tsx";

interface NotificationsOptions {
  readonly session: Session;
  readonly api: Pick<Api, "rest">;
  readonly controller: CallController;
  readonly history: History;
}

/** What this browser remembers: which of the user's devices it is, and that its user said not now. */
const keys = { device: "echoo.push.device", declined: "echoo.push.declined" };

/** Rings while the page is closed or hidden, and what shows beside it. */
export class Notifications implements ClosedRings {
  readonly Ask = AskClosedRings;
  readonly Settings = ClosedRingsSettings;
  readonly state: Cell<ClosedRingsState>;
  readonly asks = new Cell(false);
  readonly problem = new Cell<string | undefined>(undefined);
  readonly devices = new Cell<readonly PushDeviceBody[] | undefined>(undefined);
  readonly #options: NotificationsOptions;
  readonly #rest: EchooRest;
  readonly #stops: (() => void)[] = [];
  #registration: ServiceWorkerRegistration | undefined;
  /** What the worker asked for, until that call rings here. */
  #answering: string | undefined;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    this.#rest = options.api.rest;
    this.state = new Cell<ClosedRingsState>(stateNow());
  }

  async start(): Promise<void> {
    const { controller, history } = this.#options;
    const asked = (event: MessageEvent) => void this.#asked(event.data as WorkerMessage);
    if (this.state.value !== "unsupported") {
      navigator.serviceWorker.addEventListener("message", asked);
      this.#stops.push(() => navigator.serviceWorker.removeEventListener("message", asked));
    }
    this.#stops.push(
      followComforts(controller),
      controller.incoming.subscribe((ring) => void this.#rang(ring)),
      controller.current.subscribe(() => this.#mayAsk()),
      history.view.subscribe(({ unseenMissed }) => void showBadge(unseenMissed)),
    );
    void showBadge(history.view.value.unseenMissed);
    // Once more with each start: the subscription may be another one by now, and the device has to stay known.
    if (this.state.value === "on")
      await this.#register().catch((error: unknown) => this.problem.set(sentenceFor(error)));
    else if (isInstalled()) await this.#worker().catch(() => undefined);
    this.#mayAsk();
    void this.#rang(controller.incoming.value);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  async turnOn(): Promise<void> {
    this.problem.set(undefined);
    this.asks.set(false);
    if ((await Notification.requestPermission()) !== "granted") {
      this.state.set(stateNow());
      return;
    }
    try {
      localStorage.setItem(keys.device, localStorage.getItem(keys.device) ?? newDeviceId());
      await this.#register();
      this.state.set("on");
    } catch (error) {
      localStorage.removeItem(keys.device);
      this.problem.set(error instanceof DOMException ? sayClosedRings.refused : sentenceFor(error));
    }
  }

  async turnOff(): Promise<void> {
    const deviceId = localStorage.getItem(keys.device);
    localStorage.removeItem(keys.device);
    this.state.set(stateNow());
    const subscription = await this.#registration?.pushManager.getSubscription();
    await subscription?.unsubscribe().catch(() => false);
    if (deviceId !== null) await this.remove(deviceId);
  }

  async remove(deviceId: string): Promise<void> {
    const params = { phone: this.#options.session.phone, deviceId };
    await this.#rest.deletePushDevice({ params }).catch(() => undefined);
    await this.readDevices();
  }

  async readDevices(): Promise<void> {
    const { phone } = this.#options.session;
    await this.#rest.listPushDevices({ params: { phone } }).then(
      ({ devices }) => this.devices.set(devices),
      () => undefined,
    );
  }

  notNow(): void {
    localStorage.setItem(keys.declined, "yes");
    this.asks.set(false);
  }

  /** After a call somebody knows what ringing is for. */
  #mayAsk(): void {
    const { controller, history } = this.#options;
    const isOff = this.state.value === "off" && Notification.permission === "default";
    const hasCalled = history.view.value.calls.length > 0 || controller.current.value?.call.state === "ended";
    this.asks.set(isOff && hasCalled && !controller.busy && localStorage.getItem(keys.declined) === null);
  }

  async #worker(): Promise<ServiceWorkerRegistration> {
    const registration = await navigator.serviceWorker.register("/sw.js");
    if (this.#registration === undefined) this.#followVersions(registration);
    this.#registration = registration;
    await navigator.serviceWorker.ready;
    registration.active?.postMessage({ type: "hello" });
    return registration;
  }

  async #register(): Promise<void> {
    const { pushManager } = await this.#worker();
    const { webKey } = await this.#rest.getPush();
    if (webKey === undefined) throw new Error("this server pushes to no browser");
    const options = { userVisibleOnly: true, applicationServerKey: webKey };
    const subscription = await pushManager.subscribe(options).catch(async () => {
      // It has one for another key, as of another server at this address.
      await (await pushManager.getSubscription())?.unsubscribe();
      return pushManager.subscribe(options);
    });
    const { endpoint = "", keys: { p256dh = "", auth = "" } = {} } = subscription.toJSON();
    const name = deviceName(navigator.userAgent);
    const params = { phone: this.#options.session.phone, deviceId: localStorage.getItem(keys.device) ?? "browser" };
    const body = {
      platform: "web" as const,
      locale: navigator.language,
      ...(name === undefined ? {} : { name }),
      subscription: { endpoint, keys: { p256dh, auth } },
    };
    await this.#rest.putPushDevice({ params, body });
    await this.readDevices();
  }

  /** Says that there is a newer page, never in a call. */
  #followVersions(registration: ServiceWorkerRegistration): void {
    const { controller } = this.#options;
    const wasControlled = navigator.serviceWorker.controller !== null;
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => {
        if (next.state !== "activated" || !wasControlled) return;
        const tell = () => controller.notice.set(sayClosedRings.newVersion);
        if (!controller.busy) return tell();
        const stop = controller.current.subscribe(() => {
          if (controller.busy) return;
          stop();
          tell();
        });
      });
    });
  }

  /** The worker vouches that its user has clicked: an address alone answers nothing. */
  async #asked(message: WorkerMessage): Promise<void> {
    const { controller } = this.#options;
    if (message.type === "call") return controller.dial(message.phone, { video: false });
    if (message.type === "answer") this.#answering = message.callId;
    const ring = [controller.incoming.value, ...controller.waiting.value].find(
      (one) => one?.call.id === message.callId,
    );
    if (!ring) return;
    controller.bringForward(ring);
    if (message.type === "decline") controller.decline();
    else await this.#answer(ring);
  }

  async #answer(ring: CallSession): Promise<void> {
    this.#answering = undefined;
    await this.#options.controller.answer(ring.call.isVideo);
  }

  /** A page that nobody looks at shows its rings as one that is closed does; and takes the notification away again. */
  async #rang(ring: CallSession | undefined): Promise<void> {
    if (ring && ring.call.id === this.#answering) return this.#answer(ring);
    const registration = this.#registration;
    if (!ring || !registration || this.state.value !== "on") return;
    const shown = new CallNotifications(registration);
    const { id: callId, isVideo, peer, peerName } = ring.call;
    const from = { phone: peer, displayName: peerName ?? peer };
    if (document.hidden) await shown.ring({ kind: "ring", callId, from, isVideo });
    const stop = ring.call.on("state", () => void over());
    const over = async () => {
      if (ring.call.state === "incoming") return;
      if (typeof stop === "function") stop();
      await shown.close(callId);
    };
  }
}

function stateNow(): ClosedRingsState {
  const isSupported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!isSupported || !isSecureContext) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const isOn = Notification.permission === "granted" && localStorage.getItem(keys.device) !== null;
  return isOn ? "on" : "off";
}

function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches && "serviceWorker" in navigator && isSecureContext;
}

async function showBadge(count: number): Promise<void> {
  const badge = navigator as { setAppBadge?(count: number): Promise<void> };
  await badge.setAppBadge?.(count).catch(() => undefined);
}
