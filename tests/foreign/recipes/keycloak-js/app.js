import Keycloak from '/keycloak.js'

const shown = document.querySelector('#shown')
const show = (value) => (shown.textContent = JSON.stringify(value, null, 2))
const on = (id, does) => document.querySelector(`#${id}`).addEventListener('click', () => does().catch((error) => show(String(error))))

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
