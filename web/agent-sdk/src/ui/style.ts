import { colours } from './colours'
import base from './style/base.css?inline'
import call from './style/call.css?inline'
import frame from './style/frame.css?inline'
import pages from './style/pages.css?inline'
import parts from './style/parts.css?inline'

/** All of the face's style; it is put into a shadow root and reaches nothing else. */
export default [colours(), base, parts, call, frame, pages].join('\n')
