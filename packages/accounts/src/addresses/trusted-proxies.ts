/** Which proxies in front of the server are believed: so many nearest ones, or those in these networks. */
export type TrustedProxies =
  | { readonly kind: "hops"; readonly hops: number }
  | { readonly kind: "networks"; readonly networks: readonly string[] };
