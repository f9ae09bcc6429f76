import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";
import type { Express, RequestHandler } from "express";
import helmet, { strictTransportSecurity } from "helmet";
import type { Config } from "../../config/read-config.ts";

/** Headers for every response. */
export function addSecurityHeaders(app: Express, config: Pick<Config, "publicUrl" | "tlsCert">): void {
  const secure = config.publicUrl?.startsWith("https:") ?? config.tlsCert !== undefined;
  app.use(helmet(helmetOptions(secure)));
  if (secure) app.use(staySecure());
  app.use((_request, response, next) => {
    response.set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()");
    next();
  });
}

/** Any page may read why its socket is refused: it is for pages that are refused everything else. */
export function answerRefusedPages(app: Express): void {
  app.use("/api/socket", (_request, response, next) => {
    response.set("Access-Control-Allow-Origin", "*");
    next();
  });
}

/** Who may read answers from a page of another origin. */
export function answerOtherPages(app: Express, config: Pick<Config, "origins" | "publicUrl">): void {
  const origins = [...config.origins, ...(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin])];
  if (origins.length === 0) return;
  app.use(
    cors({
      origin: origins,
      methods: ["GET", "POST", "PUT", "DELETE"],
      allowedHeaders: ["Authorization", "Content-Type"],
      exposedHeaders: ["Retry-After", "X-Request-Id"],
      maxAge: 600,
      optionsSuccessStatus: 200,
    }),
  );
}

/** Browsers remember it for a whole host, whatever the port: of `localhost` that would lock up every other server there. */
function staySecure(): RequestHandler {
  const set = strictTransportSecurity();
  return (request, response, next) => {
    if (/^(.+\.)?localhost(:\d+)?$/i.test(request.headers.host ?? "")) next();
    else set(request, response, next);
  };
}

function helmetOptions(secure: boolean) {
  const directives = {
    "default-src": ["'self'"],
    // Not every browser takes 'self' to include WebSockets of the same host.
    "connect-src": ["'self'", ownSocketsOf],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "font-src": ["'self'"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    // Over plain http on a LAN these would blank the page or lock its visitors out.
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  };
}

function ownSocketsOf(request: IncomingMessage, _response: ServerResponse): string {
  const host = request.headers.host ?? "";
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
