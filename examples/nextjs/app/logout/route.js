// Signs out here, and ends the session at Haechi: OpenID Connect RP-Initiated Logout 1.0.

import { redirect } from 'next/navigation'

import { auth, endpoint, signOut } from '../../auth'

export async function GET() {
  const session = await auth()
  await signOut({ redirect: false })
  if (!session) redirect('/')
  const query = new URLSearchParams({ id_token_hint: session.id_token, post_logout_redirect_uri: `${process.env.AUTH_URL}/` })
  redirect(`${await endpoint('end_session')}?${query}`)
}
