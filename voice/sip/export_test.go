package sip

// Connected says, for tests, that the TCP connection from an address is open.
func (s *Server) Connected(addr string) bool {
	c, err := s.tp.GetConnection("TCP", addr)
	if err != nil {
		return false
	}
	_, err = c.TryClose()
	return err == nil
}
