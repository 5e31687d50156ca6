// Renews the access token now; it is renewed by itself when it has expired.

import { update } from '../../auth'

export async function GET() {
  const { expires_at } = await update({})
  return Response.json({ expires_at })
}
