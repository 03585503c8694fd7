package api

import (
	"encoding/json"

	"openseat"
)

// The actions of the management console, beside those in own.go and ownseats.go. Times are Unix seconds unless the name says
// otherwise; pages count from 0 and have at most 100 lines.

type (
	// RoleInfo is a role: one of the system (RoleId below 10), or one that the instance made.
	RoleInfo struct {
		RoleId  int64            `json:"RoleId"`
		Name    string           `json:"Name"`
		Rights  map[string]int64 `json:"Rights"` // area: 1 read, 2 write
		BuiltIn bool             `json:"BuiltIn"`
		Members int64            `json:"Members"`
	}
	// PutRoleRequest creates a role (no RoleId) or changes one. Nobody gives rights that he does not have.
	PutRoleRequest struct {
		SdkAppId int64            `json:"SdkAppId" api:"required"`
		RoleId   *int64           `json:"RoleId,omitempty"`
		Name     string           `json:"Name" api:"required"`
		Rights   map[string]int64 `json:"Rights,omitempty"` // area: 1 read, 2 write
	}
	// PutRoleResponse answers PutRole.
	PutRoleResponse struct {
		RoleId int64 `json:"RoleId"`
		Result
	}
	// DeleteRoleRequest removes a role that nobody has.
	DeleteRoleRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
		RoleId   int64 `json:"RoleId" api:"required"`
	}
	// DeleteRoleResponse answers DeleteRole.
	DeleteRoleResponse struct{ Result }
	// DescribeRolesRequest asks for all roles.
	DescribeRolesRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeRolesResponse answers DescribeRoles.
	DescribeRolesResponse struct {
		Roles []RoleInfo `json:"Roles"`
		Areas []string   `json:"Areas"` // every area there is, in the order of the pages
		Result
	}
	// ModifyStaffRoleRequest gives an account another role.
	ModifyStaffRoleRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Email    string `json:"Email" api:"required"`
		RoleId   int64  `json:"RoleId" api:"required"`
	}
	// ModifyStaffRoleResponse answers ModifyStaffRole.
	ModifyStaffRoleResponse struct{ Result }
	// AuditLine is one thing somebody did.
	AuditLine struct {
		Timestamp int64  `json:"Timestamp"`
		Actor     string `json:"Actor"` // UserID, or SecretId of a key
		IP        string `json:"IP"`
		Action    string `json:"Action"`
		Target    string `json:"Target"`
		Code      string `json:"Code"` // empty when it was done
	}
	// DescribeAuditLogRequest asks for what was done, newest first.
	DescribeAuditLogRequest struct {
		SdkAppId   int64   `json:"SdkAppId" api:"required"`
		PageSize   int64   `json:"PageSize" api:"required"`
		PageNumber int64   `json:"PageNumber" api:"required"`
		StartTime  *int64  `json:"StartTime,omitempty"`
		EndTime    *int64  `json:"EndTime,omitempty"`
		Actor      *string `json:"Actor,omitempty"`
		Action     *string `json:"Action,omitempty"`
	}
	// DescribeAuditLogResponse answers DescribeAuditLog.
	DescribeAuditLogResponse struct {
		TotalCount int64       `json:"TotalCount"`
		Lines      []AuditLine `json:"Lines"`
		Result
	}
	// DescribeInstanceRequest asks for the settings of the instance.
	DescribeInstanceRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeInstanceResponse answers DescribeInstance.
	DescribeInstanceResponse struct {
		Name                 string        `json:"Name"`
		Region               string        `json:"Region"`
		OnlineStatus         string        `json:"OnlineStatus"` // free or notReady
		RestReasons          []string      `json:"RestReasons"`
		NoteCategories       []string      `json:"NoteCategories"`
		MediaLossGraceSecond int64         `json:"MediaLossGraceSecond"`
		Retention            RetentionDays `json:"Retention"`
		CallOut              CallOutLimits `json:"CallOut"`
		RecordingCopy        RecordingCopy `json:"RecordingCopy"`
		NumberMapping        NumberMapping `json:"NumberMapping"`
		Result
	}
	// ModifyInstanceRequest changes the settings that are given.
	ModifyInstanceRequest struct {
		SdkAppId             int64          `json:"SdkAppId" api:"required"`
		Name                 *string        `json:"Name,omitempty"`
		Region               *string        `json:"Region,omitempty"`
		OnlineStatus         *string        `json:"OnlineStatus,omitempty"`
		RestReasons          []string       `json:"RestReasons,omitempty"`
		NoteCategories       []string       `json:"NoteCategories,omitempty"`
		MediaLossGraceSecond *int64         `json:"MediaLossGraceSecond,omitempty"`
		Retention            *RetentionDays `json:"Retention,omitempty"`
		CallOut              *CallOutLimits `json:"CallOut,omitempty"`
		RecordingCopy        *RecordingCopy `json:"RecordingCopy,omitempty"`
		NumberMapping        *NumberMapping `json:"NumberMapping,omitempty"`
	}
	// ModifyInstanceResponse answers ModifyInstance.
	ModifyInstanceResponse struct{ Result }
	// RetentionDays says for how long things are kept; 0 keeps them for ever.
	RetentionDays struct {
		Recordings  int64 `json:"Recordings"` // 90 by default
		Records     int64 `json:"Records"`
		Transcripts int64 `json:"Transcripts"`
		Audit       int64 `json:"Audit"`
		Deliveries  int64 `json:"Deliveries"`
	}
	// RecordingCopy is the bucket that recordings are copied to; its address becomes CustomRecordURL.
	RecordingCopy struct {
		Enabled     bool   `json:"Enabled"`
		Endpoint    string `json:"Endpoint"`
		Region      string `json:"Region"`
		Bucket      string `json:"Bucket"`
		Prefix      string `json:"Prefix"`
		AccessKey   string `json:"AccessKey"`
		SecretKey   string `json:"SecretKey"` // taken, never answered; empty leaves the old one
		PathStyle   bool   `json:"PathStyle"`
		PublicURL   string `json:"PublicURL"`   // put before the key in CustomRecordURL; empty = the endpoint
		DeleteLocal bool   `json:"DeleteLocal"` // once the copy was read back
	}
	// NumberMapping is the company server that gives numbers their aliases (protectedCaller, protectedCallee).
	NumberMapping struct {
		Enabled  bool   `json:"Enabled"`
		URL      string `json:"URL"`
		Username string `json:"Username"`
		Password string `json:"Password"` // taken, never answered; empty leaves the old one
	}
	// CallOutLimits says whom agents may call, when and how often.
	CallOutLimits struct {
		Hours          []CallOutHours `json:"Hours"`        // none = at any time
		Zone           string         `json:"Zone"`         // IANA; of Hours
		Countries      []string       `json:"Countries"`    // ISO 3166; none = all
		PerCalleeDay   int64          `json:"PerCalleeDay"` // calls to one number a day; 0 = any
		PerCalleeHour  int64          `json:"PerCalleeHour"`
		PerAgentMinute int64          `json:"PerAgentMinute"`
	}
	// CallOutHours is a time of day on some days of the week.
	CallOutHours struct {
		Weekdays []int64 `json:"Weekdays"` // 0 Sunday to 6
		From     string  `json:"From"`     // 09:00
		To       string  `json:"To"`
	}
)

// Numbers that may not call, or be called.
type (
	// ListedNumber is a number on the list.
	ListedNumber struct {
		Number          string `json:"Number"`
		Inbound         bool   `json:"Inbound"`  // its calls are refused
		Outbound        bool   `json:"Outbound"` // agents may not call it
		Reason          string `json:"Reason"`
		CreateTimestamp int64  `json:"CreateTimestamp"`
		Until           int64  `json:"Until"` // 0 = for ever
	}
	// PutListedNumbersRequest puts up to 1000 numbers on the list, or changes them.
	PutListedNumbersRequest struct {
		SdkAppId int64    `json:"SdkAppId" api:"required"`
		Numbers  []string `json:"Numbers" api:"required"`
		Inbound  *bool    `json:"Inbound,omitempty"`
		Outbound *bool    `json:"Outbound,omitempty"`
		Reason   *string  `json:"Reason,omitempty"`
		Until    *int64   `json:"Until,omitempty"`
	}
	// PutListedNumbersResponse answers PutListedNumbers.
	PutListedNumbersResponse struct {
		Failed []ListedFailure `json:"Failed"`
		Result
	}
	// ListedFailure is a number that was not taken.
	ListedFailure struct {
		Number  string `json:"Number"`
		Message string `json:"Message"`
	}
	// DeleteListedNumbersRequest takes numbers off the list.
	DeleteListedNumbersRequest struct {
		SdkAppId int64    `json:"SdkAppId" api:"required"`
		Numbers  []string `json:"Numbers" api:"required"`
	}
	// DeleteListedNumbersResponse answers DeleteListedNumbers.
	DeleteListedNumbersResponse struct{ Result }
	// DescribeListedNumbersRequest asks for the list, newest first.
	DescribeListedNumbersRequest struct {
		SdkAppId   int64   `json:"SdkAppId" api:"required"`
		PageSize   int64   `json:"PageSize" api:"required"`
		PageNumber int64   `json:"PageNumber" api:"required"`
		Number     *string `json:"Number,omitempty"` // a part of it
	}
	// DescribeListedNumbersResponse answers DescribeListedNumbers.
	DescribeListedNumbersResponse struct {
		TotalCount int64          `json:"TotalCount"`
		Numbers    []ListedNumber `json:"Numbers"`
		Result
	}
)

// Groups of numbers: what servingNumberGroupIds may name.
type (
	// NumberGroup is a named set of numbers.
	NumberGroup struct {
		Id      string   `json:"Id"`
		Name    string   `json:"Name"`
		Numbers []string `json:"Numbers"`
	}
	// PutNumberGroupRequest creates (no Id) or replaces a group of numbers.
	PutNumberGroupRequest struct {
		SdkAppId int64    `json:"SdkAppId" api:"required"`
		Id       *string  `json:"Id,omitempty"`
		Name     string   `json:"Name" api:"required"`
		Numbers  []string `json:"Numbers" api:"required"`
	}
	// PutNumberGroupResponse answers PutNumberGroup.
	PutNumberGroupResponse struct {
		Id string `json:"Id"`
		Result
	}
	// DeleteNumberGroupRequest removes a group of numbers.
	DeleteNumberGroupRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Id       string `json:"Id" api:"required"`
	}
	// DeleteNumberGroupResponse answers DeleteNumberGroup.
	DeleteNumberGroupResponse struct{ Result }
	// DescribeNumberGroupsRequest asks for all groups of numbers.
	DescribeNumberGroupsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeNumberGroupsResponse answers DescribeNumberGroups.
	DescribeNumberGroupsResponse struct {
		Groups []NumberGroup `json:"Groups"`
		Result
	}
)

// Working hours.
type (
	// WorkSchedule is when the company works.
	WorkSchedule struct {
		Name string       `json:"Name" api:"required"`
		Zone string       `json:"Zone" api:"required"` // IANA: Asia/Shanghai
		Week []WorkPeriod `json:"Week,omitempty"`
		Days []WorkDay    `json:"Days,omitempty"` // holidays, and days that go another way
	}
	// WorkPeriod is a time of day on some days of the week; To at or before From reaches into the next day.
	WorkPeriod struct {
		Weekdays []int64 `json:"Weekdays"` // 0 Sunday to 6
		From     string  `json:"From"`
		To       string  `json:"To"`
	}
	// WorkDay is one date with hours of its own; without any, nobody works.
	WorkDay struct {
		Date  string      `json:"Date"` // 2026-10-01
		Name  string      `json:"Name"`
		Hours []WorkHours `json:"Hours"`
	}
	// WorkHours is a time of a day.
	WorkHours struct {
		From string `json:"From"`
		To   string `json:"To"`
	}
	// PutScheduleRequest creates or replaces a schedule.
	PutScheduleRequest struct {
		SdkAppId int64         `json:"SdkAppId" api:"required"`
		Schedule *WorkSchedule `json:"Schedule" api:"required"`
	}
	// PutScheduleResponse answers PutSchedule.
	PutScheduleResponse struct{ Result }
	// DeleteScheduleRequest removes a schedule that no published flow uses.
	DeleteScheduleRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DeleteScheduleResponse answers DeleteSchedule.
	DeleteScheduleResponse struct{ Result }
	// DescribeSchedulesRequest asks for all schedules, and whether each is open now.
	DescribeSchedulesRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeSchedulesResponse answers DescribeSchedules.
	DescribeSchedulesResponse struct {
		Schedules []WorkSchedule      `json:"Schedules"`
		Open      []string            `json:"Open"`   // names of those that are open now
		UsedBy    map[string][]string `json:"UsedBy"` // names of flows by schedule
		Result
	}
)

// Prompts.
type (
	// Sound is a recorded or spoken prompt.
	Sound struct {
		Name            string   `json:"Name"`
		Key             string   `json:"Key"` // what a flow names: sounds/<SdkAppId>/<name>
		DurationMs      int64    `json:"DurationMs"`
		Size            int64    `json:"Size"`
		Text            string   `json:"Text"` // what it says, when it was spoken by the engine
		CreateTimestamp int64    `json:"CreateTimestamp"`
		URL             string   `json:"URL"`    // to hear it; expires
		UsedBy          []string `json:"UsedBy"` // flows
	}
	// PutSoundRequest stores a prompt: a WAV or MP3 of at most 5 MB, in base64.
	PutSoundRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
		Data     string `json:"Data" api:"required"`
	}
	// PutSoundResponse answers PutSound.
	PutSoundResponse struct {
		Sound Sound `json:"Sound"`
		Result
	}
	// SpeakSoundRequest makes a prompt of a text.
	SpeakSoundRequest struct {
		SdkAppId int64   `json:"SdkAppId" api:"required"`
		Name     string  `json:"Name" api:"required"`
		Text     string  `json:"Text" api:"required"`
		Lang     *string `json:"Lang,omitempty"` // zh or en; empty = by its letters
	}
	// SpeakSoundResponse answers SpeakSound.
	SpeakSoundResponse struct {
		Sound Sound `json:"Sound"`
		Result
	}
	// DeleteSoundRequest removes a prompt that no published flow plays.
	DeleteSoundRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DeleteSoundResponse answers DeleteSound.
	DeleteSoundResponse struct{ Result }
	// DescribeSoundsRequest asks for all prompts.
	DescribeSoundsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeSoundsResponse answers DescribeSounds.
	DescribeSoundsResponse struct {
		Sounds []Sound `json:"Sounds"`
		Result
	}
)

// Flows: drafts, and walks that nobody pays for.
type (
	// FlowProblem is what is wrong with a flow, and where.
	FlowProblem struct {
		Node    string `json:"Node"`
		Field   string `json:"Field"`
		Message string `json:"Message"`
		Warning bool   `json:"Warning"`
	}
	// CheckFlowRequest tells what is wrong with a definition without keeping it.
	CheckFlowRequest struct {
		SdkAppId   int64           `json:"SdkAppId" api:"required"`
		Definition json.RawMessage `json:"Definition" api:"required"`
	}
	// CheckFlowResponse answers CheckFlow.
	CheckFlowResponse struct {
		Problems []FlowProblem `json:"Problems"`
		Result
	}
	// PutFlowDraftRequest keeps a definition that is being worked on; it need not be right yet. Revision is the one it was made
	// from: a draft that somebody else has changed meanwhile is not overwritten (FailedOperation.CurStateNotAllowModify).
	PutFlowDraftRequest struct {
		SdkAppId   int64           `json:"SdkAppId" api:"required"`
		Name       string          `json:"Name" api:"required"`
		Definition json.RawMessage `json:"Definition" api:"required"`
		Revision   *int64          `json:"Revision,omitempty"`
	}
	// PutFlowDraftResponse answers PutFlowDraft.
	PutFlowDraftResponse struct {
		Revision int64         `json:"Revision"`
		Problems []FlowProblem `json:"Problems"`
		Result
	}
	// FlowDraft is a flow that is being worked on.
	FlowDraft struct {
		Name            string          `json:"Name"`
		Revision        int64           `json:"Revision"`
		Definition      json.RawMessage `json:"Definition"`
		ModifyTimestamp int64           `json:"ModifyTimestamp"`
		By              string          `json:"By"`
	}
	// DescribeFlowDraftsRequest asks for all drafts, or the one of a name.
	DescribeFlowDraftsRequest struct {
		SdkAppId int64   `json:"SdkAppId" api:"required"`
		Name     *string `json:"Name,omitempty"`
	}
	// DescribeFlowDraftsResponse answers DescribeFlowDrafts.
	DescribeFlowDraftsResponse struct {
		Drafts []FlowDraft `json:"Drafts"`
		Result
	}
	// DeleteFlowDraftRequest throws a draft away.
	DeleteFlowDraftRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DeleteFlowDraftResponse answers DeleteFlowDraft.
	DeleteFlowDraftResponse struct{ Result }
	// DeleteFlowRequest removes a flow that no number and no other flow uses, with its versions and draft.
	DeleteFlowRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DeleteFlowResponse answers DeleteFlow.
	DeleteFlowResponse struct{ Result }
	// RollBackFlowRequest publishes an older version again, as the newest.
	RollBackFlowRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
		Version  int64  `json:"Version" api:"required"`
	}
	// RollBackFlowResponse answers RollBackFlow.
	RollBackFlowResponse struct {
		Version int64 `json:"Version"`
		Result
	}
	// FlowInput is what happens to a walk: key, silence, played, said, nobody, waited, http, away, hangup, after (the agent has hung up).
	FlowInput struct {
		Kind  string  `json:"Kind" api:"required"`
		Value *string `json:"Value,omitempty"` // the key, the words, the JSON of the answer
	}
	// FlowStep is what a walk does: say, wait, pressed, queue, agent, forward, http, sms, record, listen, end; in the node where it happens.
	FlowStep struct {
		Flow   string          `json:"Flow"`
		Node   string          `json:"Node"`
		Kind   string          `json:"Kind"`
		Text   string          `json:"Text"`
		Detail json.RawMessage `json:"Detail"`
	}
	// TryFlowRequest walks a definition from its start through these inputs and tells the steps of each; nothing is called, sent or recorded.
	TryFlowRequest struct {
		SdkAppId   int64             `json:"SdkAppId" api:"required"`
		Definition json.RawMessage   `json:"Definition" api:"required"`
		Inputs     []FlowInput       `json:"Inputs,omitempty"`
		Variables  map[string]string `json:"Variables,omitempty"`
		Time       *int64            `json:"Time,omitempty"` // the clock of the walk; 0 = now
	}
	// TryFlowResponse answers TryFlow.
	TryFlowResponse struct {
		Steps     [][]FlowStep      `json:"Steps"` // what the beginning, then each input led to
		Node      string            `json:"Node"`  // where the walk stands; empty = over
		Waits     string            `json:"Waits"` // key, play, queue, http, speech, message, nothing
		Variables map[string]string `json:"Variables"`
		Result
	}
)

// Lines.
type (
	// TrunkStatus is how a trunk is.
	TrunkStatus struct {
		Name           string `json:"Name"`
		State          string `json:"State"` // up, down, unknown
		Registered     bool   `json:"Registered"`
		LatencyMs      int64  `json:"LatencyMs"` // of the last OPTIONS
		LastError      string `json:"LastError"`
		CheckTimestamp int64  `json:"CheckTimestamp"`
		Calls          int64  `json:"Calls"` // running now
		MaxCalls       int64  `json:"MaxCalls"`
	}
	// DescribeTrunkStatusRequest asks how all trunks are.
	DescribeTrunkStatusRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeTrunkStatusResponse answers DescribeTrunkStatus.
	DescribeTrunkStatusResponse struct {
		Trunks []TrunkStatus `json:"Trunks"`
		Result
	}
	// TestTrunkRequest calls a number over a trunk, plays a tone for two seconds when it is answered, hangs up, and tells what happened.
	TestTrunkRequest struct {
		SdkAppId int64   `json:"SdkAppId" api:"required"`
		Name     string  `json:"Name" api:"required"`
		Callee   string  `json:"Callee" api:"required"`
		Caller   *string `json:"Caller,omitempty"`
	}
	// TestTrunkResponse answers TestTrunk.
	TestTrunkResponse struct {
		TestId string `json:"TestId"`
		Result
	}
	// TrunkTestStep is one thing that happened in a test call.
	TrunkTestStep struct {
		AtMs   int64  `json:"AtMs"`
		What   string `json:"What"` // trying, ringing, early, answered, heard, ended
		Detail string `json:"Detail"`
	}
	// DescribeTrunkTestRequest asks what became of a test call.
	DescribeTrunkTestRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		TestId   string `json:"TestId" api:"required"`
	}
	// DescribeTrunkTestResponse answers DescribeTrunkTest.
	DescribeTrunkTestResponse struct {
		Done      bool            `json:"Done"`
		OK        bool            `json:"OK"`
		EndStatus string          `json:"EndStatus"`
		Steps     []TrunkTestStep `json:"Steps"`
		Result
	}
)

// Data push.
type (
	// TestPushRequest sends a test of one kind to the address, and tells the answer.
	TestPushRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Action   string `json:"Action" api:"required"` // cdr, record, voicemail
	}
	// TestPushResponse answers TestPush.
	TestPushResponse struct {
		HTTPStatus int64           `json:"HTTPStatus"`
		Body       string          `json:"Body"` // at most 4 KB
		LatencyMs  int64           `json:"LatencyMs"`
		Failure    string          `json:"Failure"` // what was wrong with it; empty when the push was taken
		Payload    json.RawMessage `json:"Payload"`
		Result
	}
)

// Records.
type (
	// RecordQuery chooses call records. What is left out does not filter.
	RecordQuery struct {
		StartTime    int64   `json:"StartTime" api:"required"`
		EndTime      int64   `json:"EndTime" api:"required"`
		Phone        *string `json:"Phone,omitempty"`     // of either side, or a part of it
		Direction    *int64  `json:"Direction,omitempty"` // 0 in, 1 out
		CallType     *int64  `json:"CallType,omitempty"`
		SkillGroupId *int64  `json:"SkillGroupId,omitempty"`
		Staff        *string `json:"Staff,omitempty"`
		EndStatus    *string `json:"EndStatus,omitempty"`
		MinDuration  *int64  `json:"MinDuration,omitempty"`
		MaxDuration  *int64  `json:"MaxDuration,omitempty"`
		Number       *string `json:"Number,omitempty"`       // one of the instance's
		Satisfaction *string `json:"Satisfaction,omitempty"` // the key
		HasRecording *bool   `json:"HasRecording,omitempty"`
		Remark       *string `json:"Remark,omitempty"` // a part of it
	}
	// SearchRecordsRequest asks for call records, newest first.
	SearchRecordsRequest struct {
		SdkAppId   int64        `json:"SdkAppId" api:"required"`
		Query      *RecordQuery `json:"Query" api:"required"`
		PageSize   int64        `json:"PageSize" api:"required"`
		PageNumber int64        `json:"PageNumber" api:"required"`
	}
	// SearchRecordsResponse answers SearchRecords.
	SearchRecordsResponse struct {
		TotalCount int64        `json:"TotalCount"`
		Records    []TelCdrInfo `json:"Records"`
		Result
	}
	// RecordingPart is one side of a recorded call.
	RecordingPart struct {
		RecordId   string  `json:"RecordId"`
		Who        string  `json:"Who"` // number, or mail of the agent
		Name       string  `json:"Name"`
		URL        string  `json:"URL"`
		CustomURL  string  `json:"CustomURL"`
		StartMs    int64   `json:"StartMs"` // behind the beginning of the call
		DurationMs int64   `json:"DurationMs"`
		Peaks      []int64 `json:"Peaks"` // 0 to 100, 20 a second at most 4000
	}
	// DescribeRecordingPartsRequest asks for what was recorded of a session, with pictures of the sound.
	DescribeRecordingPartsRequest struct {
		SdkAppId  int64  `json:"SdkAppId" api:"required"`
		SessionId string `json:"SessionId" api:"required"`
	}
	// DescribeRecordingPartsResponse answers DescribeRecordingParts.
	DescribeRecordingPartsResponse struct {
		Parts []RecordingPart `json:"Parts"`
		Result
	}
	// Voicemail is a message that a customer left.
	Voicemail struct {
		RecordId   string  `json:"RecordId"`
		SessionId  string  `json:"SessionId"`
		Caller     string  `json:"Caller"`
		Callee     string  `json:"Callee"`
		Location   string  `json:"Location"`
		Timestamp  int64   `json:"Timestamp"`
		DurationMs int64   `json:"DurationMs"`
		URL        string  `json:"URL"`
		Peaks      []int64 `json:"Peaks"`
		Heard      bool    `json:"Heard"`
		HeardBy    string  `json:"HeardBy"`
	}
	// DescribeVoicemailsRequest asks for messages, newest first.
	DescribeVoicemailsRequest struct {
		SdkAppId   int64   `json:"SdkAppId" api:"required"`
		PageSize   int64   `json:"PageSize" api:"required"`
		PageNumber int64   `json:"PageNumber" api:"required"`
		StartTime  *int64  `json:"StartTime,omitempty"`
		EndTime    *int64  `json:"EndTime,omitempty"`
		Unheard    *bool   `json:"Unheard,omitempty"`
		Phone      *string `json:"Phone,omitempty"`
	}
	// DescribeVoicemailsResponse answers DescribeVoicemails.
	DescribeVoicemailsResponse struct {
		TotalCount int64       `json:"TotalCount"`
		Unheard    int64       `json:"Unheard"`
		Voicemails []Voicemail `json:"Voicemails"`
		Result
	}
	// MarkVoicemailRequest notes that a message was heard, or not.
	MarkVoicemailRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		RecordId string `json:"RecordId" api:"required"`
		Heard    bool   `json:"Heard" api:"required"`
	}
	// MarkVoicemailResponse answers MarkVoicemail.
	MarkVoicemailResponse struct{ Result }
)

// The wallboard, and reports.
type (
	// LiveGroup is a skill group now.
	LiveGroup struct {
		SkillGroupId   int64   `json:"SkillGroupId"`
		Name           string  `json:"Name"`
		Waiting        int64   `json:"Waiting"`
		LongestWaitMs  int64   `json:"LongestWaitMs"`
		Online         int64   `json:"Online"`
		Free           int64   `json:"Free"`
		Busy           int64   `json:"Busy"`
		Arrange        int64   `json:"Arrange"`
		NotReady       int64   `json:"NotReady"`
		Rest           int64   `json:"Rest"`
		TodayOffered   int64   `json:"TodayOffered"` // calls that entered the queue today
		TodayAnswered  int64   `json:"TodayAnswered"`
		TodayAbandoned int64   `json:"TodayAbandoned"`
		ServiceLevel   float64 `json:"ServiceLevel"` // share of today's offered that were answered within 20 s; -1 = none yet
	}
	// LiveAgent is an agent now.
	LiveAgent struct {
		Email            string  `json:"Email"`
		Name             string  `json:"Name"`
		StaffNumber      string  `json:"StaffNumber"`
		Status           string  `json:"Status"`
		Reason           string  `json:"Reason"`
		SinceMs          int64   `json:"SinceMs"`
		UntilMs          int64   `json:"UntilMs"` // of after-call work
		SkillGroupIds    []int64 `json:"SkillGroupIds"`
		ServerType       string  `json:"ServerType"`
		SessionId        string  `json:"SessionId"` // of his call
		CallsToday       int64   `json:"CallsToday"`
		TalkSecondsToday int64   `json:"TalkSecondsToday"`
	}
	// LiveCall is a running call.
	LiveCall struct {
		SessionId    string   `json:"SessionId"`
		Direction    int64    `json:"Direction"`
		Caller       string   `json:"Caller"`
		Callee       string   `json:"Callee"`
		Location     string   `json:"Location"`
		Status       string   `json:"Status"` // ivr, queued, ringing, inProgress, survey
		StartMs      int64    `json:"StartMs"`
		QueuedMs     int64    `json:"QueuedMs"`
		AcceptMs     int64    `json:"AcceptMs"`
		SkillGroupId int64    `json:"SkillGroupId"`
		Agents       []string `json:"Agents"`
		MonitoredBy  []string `json:"MonitoredBy"`
		Held         bool     `json:"Held"`
	}
	// DescribeLiveRequest asks for what is going on, at most a second old.
	DescribeLiveRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeLiveResponse answers DescribeLive.
	DescribeLiveResponse struct {
		NowMs  int64       `json:"NowMs"`
		Groups []LiveGroup `json:"Groups"`
		Agents []LiveAgent `json:"Agents"`
		Calls  []LiveCall  `json:"Calls"`
		Result
	}
	// DescribeReportRequest asks for figures of the past. By is hour, day, group, agent or number; times are of the zone.
	DescribeReportRequest struct {
		SdkAppId     int64   `json:"SdkAppId" api:"required"`
		StartTime    int64   `json:"StartTime" api:"required"`
		EndTime      int64   `json:"EndTime" api:"required"`
		By           string  `json:"By" api:"required"`
		Zone         string  `json:"Zone" api:"required"` // IANA
		SkillGroupId *int64  `json:"SkillGroupId,omitempty"`
		Staff        *string `json:"Staff,omitempty"`
		Number       *string `json:"Number,omitempty"`
		Direction    *int64  `json:"Direction,omitempty"`
	}
	// DescribeReportResponse answers DescribeReport.
	DescribeReportResponse struct {
		Lines []ReportLine `json:"Lines"`
		Total ReportLine   `json:"Total"`
		Result
	}
	// ReportLine is the figures of one hour, day, group, agent or number.
	ReportLine struct {
		Key             string  `json:"Key"` // 2026-11-23T09, 2026-11-23, the ID, the mail, the number
		Name            string  `json:"Name"`
		Offered         int64   `json:"Offered"` // calls in
		InFlow          int64   `json:"InFlow"`  // ended in the flow
		Queued          int64   `json:"Queued"`
		Answered        int64   `json:"Answered"`
		Abandoned       int64   `json:"Abandoned"`      // gave up waiting or ringing
		AbandonedShort  int64   `json:"AbandonedShort"` // of these, within 5 s
		WithinLevel     int64   `json:"WithinLevel"`    // answered within 20 s of queueing
		ServiceLevel    float64 `json:"ServiceLevel"`
		WaitSeconds     int64   `json:"WaitSeconds"` // of all queued
		LongestWait     int64   `json:"LongestWait"`
		Out             int64   `json:"Out"`
		OutAnswered     int64   `json:"OutAnswered"`
		TalkSeconds     int64   `json:"TalkSeconds"`
		HoldSeconds     int64   `json:"HoldSeconds"`
		WrapUpSeconds   int64   `json:"WrapUpSeconds"`
		Transfers       int64   `json:"Transfers"`
		Missed          int64   `json:"Missed"` // offers an agent did not take
		Internal        int64   `json:"Internal"`
		Rated           int64   `json:"Rated"`
		RatingSum       int64   `json:"RatingSum"`
		OnlineSeconds   int64   `json:"OnlineSeconds"`
		FreeSeconds     int64   `json:"FreeSeconds"`
		BusySeconds     int64   `json:"BusySeconds"`
		RestSeconds     int64   `json:"RestSeconds"`
		NotReadySeconds int64   `json:"NotReadySeconds"`
	}
)

// Supervision and keeping.
type (
	// ForceStatusRequest gives an agent another status on behalf of who asks: free, notReady, rest or offline.
	ForceStatusRequest struct {
		SdkAppId int64   `json:"SdkAppId" api:"required"`
		Email    string  `json:"Email" api:"required"`
		Status   string  `json:"Status" api:"required"`
		Reason   *string `json:"Reason,omitempty"`
	}
	// ForceStatusResponse answers ForceStatus.
	ForceStatusResponse struct{ Result }
)

// Instance implements Request.
func (r *PutRoleRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteRoleRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeRolesRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *ModifyStaffRoleRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeAuditLogRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeInstanceRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *ModifyInstanceRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutListedNumbersRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteListedNumbersRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeListedNumbersRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutNumberGroupRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteNumberGroupRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeNumberGroupsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutScheduleRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteScheduleRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeSchedulesRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutSoundRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *SpeakSoundRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteSoundRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeSoundsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *CheckFlowRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutFlowDraftRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeFlowDraftsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteFlowDraftRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteFlowRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *RollBackFlowRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *TryFlowRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeTrunkStatusRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *TestTrunkRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeTrunkTestRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *TestPushRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *SearchRecordsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeRecordingPartsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeVoicemailsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *MarkVoicemailRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeLiveRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeReportRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *ForceStatusRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }
