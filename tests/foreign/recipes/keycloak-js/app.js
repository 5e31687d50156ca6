import Keycloak from '/keycloak.js'

const shown = document.querySelector('#shown')
const show = (value) => (shown.textContent = JSON.stringify(value, null, 2))

/** A button works from here on: until then it is disabled, so that no press of it is lost. */
function on(id, does) {
  const button = document.querySelector(`#${id}`)
  button.addEventListener('click', () => does().catch((error) => show(String(error))))
  button.disabled = false
}

const keycloak = new Keycloak(await (await fetch('/keycloak.json')).json())
const redirectUri = `${location.origin}/`
const signedIn = await keycloak.init({ checkLoginIframe: false, redirectUri, scope: 'profile email' })
show(signedIn ? await keycloak.loadUserInfo() : 'Nobody is signed in.')

on('login', () => keycloak.login({ redirectUri }))
on('userinfo', async () => show(await keycloak.loadUserInfo()))
on('api', async () => {
  const { url } = await (await fetch('/api.json')).json()
  const answer = await fetch(url, { headers: { authorization: `Bearer ${keycloak.token}` } })
  show(await answer.json())
})
on('logout', () => keycloak.logout({ redirectUri }))
