// The versions of a flow, as the server has them.
import { ApiError, call } from '../../api/client'
import type { FlowInfo } from '../../api/types'

/** versionsOf lists what was published of a flow, newest first; a flow that never was has none. */
export async function versionsOf(name: string, signal?: AbortSignal): Promise<FlowInfo[]> {
  try {
    return (await call('DescribeFlowVersions', { Name: name }, signal)).Versions
  } catch (e) {
    if (e instanceof ApiError && e.code.startsWith('ResourceNotFound')) return []
    throw e
  }
}
