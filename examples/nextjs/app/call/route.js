// A service of yours, called in the person's name: API is its URL.

import { auth } from '../../auth'

export async function GET() {
  const { API } = process.env
  if (!API) return new Response('API is not set: start the app with the URL of a service of yours in it.', { status: 501 })
  const { access_token } = await auth()
  return fetch(API, { headers: { authorization: `Bearer ${access_token}` } })
}
