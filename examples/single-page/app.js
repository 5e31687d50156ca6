// A single-page app that signs people in with Haechi, through oidc-client-ts: code and PKCE, no secret.

import { UserManager } from 'oidc-client-ts'

const manager = new UserManager(await (await fetch('/config.json')).json())

// Back from Haechi, with a code in the address.
if (new URLSearchParams(location.search).has('code')) {
  await manager.signinCallback()
  history.replaceState(null, '', '/')
}

const element = (id) => document.getElementById(id)
const show = (value) => (element('shown').textContent = JSON.stringify(value, null, 2))

/** A button works from here on: until then it is disabled, so that no press of it is lost. */
function on(id, does) {
  element(id).addEventListener('click', () => does().catch((error) => show(error.message)))
  element(id).disabled = false
}

on('sign-in', () => manager.signinRedirect())
on('sign-out', () => manager.signoutRedirect())

on('refresh', async () => {
  const user = await manager.signinSilent()
  show({ expires_in: user.expires_in })
})

// Calls with the access token: to Haechi, and to a service of your own, such as ../resource-server-node.
on('userinfo', async () => show(await called(await manager.metadataService.getUserInfoEndpoint())))
on('api', async () => {
  const { url } = await (await fetch('/api.json')).json()
  if (!url) throw new Error('API is not set: start the server with the URL of a service of yours in it.')
  show(await called(url))
})

async function called(url) {
  const { access_token } = await manager.getUser()
  return (await fetch(url, { headers: { authorization: `Bearer ${access_token}` } })).json()
}

const user = await manager.getUser()
element('who').textContent = user ? `Hello, ${user.profile.name ?? user.profile.sub}.` : 'Nobody is signed in.'
if (user) show(user.profile)
