import { auth } from '../auth'

export default async function Page() {
  const session = await auth()
  if (!session) {
    return (
      <>
        <p>Nobody is signed in.</p>
        <p>
          <a href="/api/auth/signin">Sign in</a>
        </p>
      </>
    )
  }
  return (
    <>
      <p>Hello, {session.user.name}.</p>
      <p>{session.user.email}</p>
      <p>
        <a href="/userinfo">UserInfo</a> <a href="/logout">Sign out</a>
      </p>
    </>
  )
}
