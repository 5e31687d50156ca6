// Express with Passport and its OpenID Connect strategy, as its README shows it.

import 'dotenv/config'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'

const { ISSUER, AUTHORIZATION_URL, TOKEN_URL, USERINFO_URL, CLIENT_ID, CLIENT_SECRET, CALLBACK_URL, SESSION_SECRET, PORT } = process.env

passport.use(
  new OpenIDConnectStrategy(
    {
      issuer: ISSUER,
      authorizationURL: AUTHORIZATION_URL,
      tokenURL: TOKEN_URL,
      userInfoURL: USERINFO_URL,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: CALLBACK_URL,
      scope: ['profile', 'email'],
    },
    (issuer, profile, done) => done(null, profile),
  ),
)
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))

const app = express()
app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: false }))
app.use(passport.authenticate('session'))

app.get('/', (request, response) => response.send('Welcome.'))
app.get('/login', passport.authenticate('openidconnect'))
app.get('/cb', passport.authenticate('openidconnect', { failureRedirect: '/', failureMessage: true }), (request, response) => response.redirect('/me'))
app.get('/me', (request, response) => (request.user ? response.json(request.user) : response.redirect('/')))
app.get('/logout', (request, response, next) => request.logout((error) => (error ? next(error) : response.redirect('/me'))))

app.listen(PORT ?? 3000)
