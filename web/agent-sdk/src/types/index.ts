// The public face of the agent SDK: what pages see as `window.tccc`. Names and shapes are those of the TCCC agent SDK. From this
// folder tccc.d.ts and the API reference are made (build/types.mjs), so every member says what it is.

export * from './admin'
export * from './agent'
export * from './call'
export * from './devices'
export * from './events'
export * from './results'
export * from './tccc'
export * from './ui'
