// A certified provider of single sign-on, for journeys: `bun peer.js '{"port": …}'`. Its pages ask
// for a login, which may be any of `people`, and for consent. A new start has a new key.

import { Provider } from "oidc-provider";
import { exportJWK, generateKeyPair } from "jose";

const { port, client, secret, back, people } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;
const { privateKey } = await generateKeyPair("ES256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: `${Date.now()}` };

const provider = new Provider(issuer, {
  jwks: { keys: [key] },
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: back,
      response_types: ["code"],
      grant_types: ["authorization_code"],
      id_token_signed_response_alg: "ES256",
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name", "nationalCode", "mobile"] },
  cookies: { keys: ["a journey's"] },
  findAccount: (_context, id) =>
    people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
