package media
import ("testing";"os";"bytes";"context";"time";"fmt")
func TestZZ(t *testing.T){
 e,err:=NewEncoder("");if err!=nil{t.Fatal(err)}
 for _,d:=range []time.Duration{0,100*time.Millisecond,10*time.Second+37*time.Millisecond}{
 c:=Tone(440,d)
 f,_:=os.Create(fmt.Sprintf("/tmp/mediawork/o%d.mp3",d.Milliseconds()))
 t0:=time.Now()
 if err:=e.Encode(context.Background(),f,bytes.NewReader(PCMA.Encode(nil,c.pcm)),PCMA);err!=nil{t.Fatal(err)}
 f.Close()
 b,_:=os.ReadFile(f.Name())
 fmt.Println(d,time.Since(t0),len(b), (len(b)-216)%144, len(c.pcm)); if len(b)>216+8 {fmt.Printf("%x\n",b[216:224])}
 if len(b)>360+8{fmt.Printf("%x\n",b[360:368])}
 }
}
