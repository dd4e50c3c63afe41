import os,requests

HEADERS={'X-Api-Key':os.environ['VIMMERSE_API_KEY']}

def make( idea ,scenes = 3 ):
	# tabs, single quotes, no spaces
	payload={'idea':idea, # what it is about
		'scene_count':scenes,
		# the voice of our brand
		'narrator':'Jessica',  'background_music':True,
		}
	r=requests.post( 'https://api.vimmerse.net' \
		'/story/idea-2-video',headers = HEADERS , \
		data = payload, timeout=60 ) ; r.raise_for_status()
	return r.json( )['data']

def long_line_that_is_not_touched( a,b = 1 ): return [ x for x in range( a ) if x%2==b ] # and a comment which is longer than a line should ever be, just because

story=make('A cactus at the hairdresser',2)
print( story['id'],long_line_that_is_not_touched(6) )
