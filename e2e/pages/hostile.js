// An old page: jQuery 1, handlers on everything, and prototypes with members of its own.
/* global jQuery */
;(function ($) {
  Array.prototype.each = function (visit) {
    for (var i = 0; i < this.length; i++) visit(this[i])
  }
  String.prototype.blank = function () {
    return /^\s*$/.test(this)
  }
  window.pressed = []
  $(document).on('keydown keypress', function (e) {
    window.pressed.push(e.which)
  })
  $(document).on('click', 'button', function (e) {
    if (this.id !== 'call') e.preventDefault()
  })
  $(function () {
    $('#call').click(function () {
      window.tccc.Call.startOutboundCall({ phoneNumber: '13900000001' }).then(
        function (res) {
          $('#call').text(res.data.sessionId)
        },
        function (err) {
          $('#call').text(err.errorMsg)
        },
      )
    })
  })
})(jQuery)
