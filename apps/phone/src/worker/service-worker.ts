import { CallNotifications } from "./notifications.ts";
import { type Notified, type PageMessage, type Pushed, readPushed, type WorkerMessage } from "./pushed.ts";
import { askWho, sayDeclined, sayShown } from "./ring-server.ts";
import { dropOldShells, keepShell, shellAnswer } from "./shell-cache.ts";

/** What TypeScript's library for pages does not have of workers. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface PageClient {
  readonly url: string;
  postMessage(message: WorkerMessage): void;
  focus(): Promise<unknown>;
}
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: object): Promise<readonly PageClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: never) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const notifications = new CallNotifications(scope.registration);
/** What a click asked for before a page was there to do it. The click vouches for it; an address alone asks for nothing. */
let wanted: WorkerMessage | undefined;

scope.addEventListener("install", (event: Lasting) => {
  // Pages come from the server and scripts have names of their own: nothing of the old version is in the way.
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event: Lasting) => {
  event.waitUntil(dropOldShells().then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (event: Event & { request: Request; respondWith(r: Promise<Response>): void }) => {
  const answer = shellAnswer(event.request, scope.location.origin);
  if (answer) event.respondWith(answer);
});

scope.addEventListener("push", (event: Lasting & { readonly data?: { text(): string } }) => {
  const pushed = readPushed(event.data?.text());
  if (pushed) event.waitUntil(show(pushed));
});

async function show(pushed: Pushed): Promise<void> {
  if (pushed.unseenMissed !== undefined) await setBadge(pushed.unseenMissed);
  if (pushed.kind === "stop") return pushed.missed ? notifications.missed(pushed) : notifications.over(pushed);
  const known = await askWho(pushed).catch(() => pushed);
  await notifications.ring(known);
  const reason = await sayShown(known).catch(() => undefined);
  if (reason === undefined) return;
  // It is over already: the server tells no more of it than this.
  if (reason === "answered_elsewhere" || reason === "declined_elsewhere")
    await notifications.over({ ...known, reason });
  else await notifications.missed(known);
}

async function setBadge(count: number): Promise<void> {
  const badge = navigator as { setAppBadge?(count: number): Promise<void> };
  await badge.setAppBadge?.(count).catch(() => undefined);
}

scope.addEventListener("notificationclick", (event: Lasting & { notification: Notification; action: string }) => {
  const { notification, action } = event;
  const data = notification.data as Notified;
  notification.close();
  event.waitUntil(clicked(data, action));
});

async function clicked(data: Notified, action: string): Promise<void> {
  const { callId, ticket, caller, kind } = data;
  if (kind === "ring" && action === "decline") {
    if (ticket !== undefined) return sayDeclined(callId, ticket);
    const page = await ownPage();
    page?.postMessage({ type: "decline", callId });
    return;
  }
  if (kind === "ring" && action === "answer") return open({ type: "answer", callId });
  if (kind === "missed" && action === "call" && caller !== undefined) return open({ type: "call", phone: caller });
  return open(undefined);
}

async function open(message: WorkerMessage | undefined): Promise<void> {
  const page = await ownPage();
  if (page) {
    if (message) page.postMessage(message);
    await page.focus();
    return;
  }
  wanted = message;
  await scope.clients.openWindow("/");
}

/** That of the user whose browser this is: a tab that is another person's by its address is not asked. */
async function ownPage(): Promise<PageClient | undefined> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  return pages.find(({ url }) => new URL(url).pathname === "/" && !new URL(url).searchParams.has("as"));
}

scope.addEventListener("message", (event: Event & { data: PageMessage; source: PageClient | null }) => {
  if (event.data.type !== "hello" || wanted === undefined) return;
  event.source?.postMessage(wanted);
  wanted = undefined;
});
