// What UserInfo says: a call with the access token.

import { auth, endpoint } from '../../auth'

export async function GET() {
  const { access_token } = await auth()
  return fetch(await endpoint('userinfo'), { headers: { authorization: `Bearer ${access_token}` } })
}
