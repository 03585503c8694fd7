package api

import "openseat"

// The requests below need not name an instance, or may name several. Without one they are about the caller's own.

// Instance implements Request.
func (r *DisableCCCPhoneNumberRequest) Instance() openseat.AppID {
	if r.SdkAppId == nil {
		return 0
	}
	return openseat.AppID(*r.SdkAppId)
}

// Instance implements Request.
func (r *DescribeCCCBuyInfoListRequest) Instance() openseat.AppID { return only(r.SdkAppIds) }

// Instance implements Request.
func (r *DescribeTelCallInfoRequest) Instance() openseat.AppID { return only(r.SdkAppIdList) }

// only is the one instance of a list; 0 when there is none, and no instance there is when they differ.
func only(list []int64) openseat.AppID {
	if len(list) == 0 {
		return 0
	}
	for _, app := range list {
		if app != list[0] {
			return -1
		}
	}
	return openseat.AppID(list[0])
}
