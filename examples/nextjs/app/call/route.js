// A service of yours, called in the person's name: API is its URL.

import { auth } from '../../auth'

export async function GET() {
  const { access_token } = await auth()
  return fetch(process.env.API, { headers: { authorization: `Bearer ${access_token}` } })
}
